"""What a clock refuses."""


class CalendarError(ValueError):
    """A calendar was described in a way that has no meaning, or asked something that it cannot answer."""


class NaiveInstant(CalendarError, TypeError):  # noqa: N818 - it names the thing refused
    """An instant needs a time zone: a datetime without one could mean any of forty moments."""


class NoOpening(CalendarError):  # noqa: N818 - it names what was found
    """The calendar does not open within 366 days of where it was asked."""


class OutOfRange(CalendarError, OverflowError):  # noqa: N818 - it names what was found
    """The answer lies outside the years that a date can have."""
