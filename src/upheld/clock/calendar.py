"""When a desk is open, and arithmetic with its hours."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from upheld.clock.business_days import BusinessDays, business_days_of
from upheld.clock.definition import DayHours, define
from upheld.clock.errors import CalendarError
from upheld.clock.instant import duration_micros, from_micros, to_duration, to_micros
from upheld.clock.timeline import Timeline, timeline_of
from upheld.clock.wall import opening
from upheld.clock.zones import zone


class Span(NamedTuple):
    """An open span, [start, end), in UTC."""

    start: datetime
    end: datetime


class Calendar:
    """Weekly hours in one zone, whole-date holidays, and dates with hours of their own.

    Hours are pairs of wall times, `("07:30", "17:00")`, any number a day; one that closes at or before it
    opens runs over midnight, and 24:00 is legal. A missing day is closed. An override beats a holiday on
    its date; both replace every minute of their date and cut a span over midnight there.

    Instants are aware datetimes in any zone; what comes back is in UTC. Open spans are half-open. A naive
    datetime raises NaiveInstant. Calendars are values: equal descriptions are equal and share their work.
    """

    __slots__ = ("_definition", "timeline")

    timeline: Timeline
    """The same questions in integers of microseconds since 1970, for whoever asks many of them."""

    def __init__(
        self,
        zone: str,
        weekly: Mapping[str, DayHours],
        holidays: Iterable[date] = (),
        overrides: Mapping[date, DayHours] | None = None,
    ) -> None:
        """Describe a calendar; raises CalendarError for unknown zones, days and times of day."""
        self._definition = define(zone, weekly, holidays, overrides or {})
        self.timeline = timeline_of(self._definition)

    @staticmethod
    @cache
    def always() -> "Calendar":
        """Return the calendar that never closes."""
        every_day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        return Calendar("UTC", {day: [("00:00", "24:00")] for day in every_day})

    @property
    def zone(self) -> str:
        """The IANA name of the calendar's zone."""
        return self._definition.zone

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the earliest instant t >= start with between(start, t) >= amount.

        What uses up a day exactly is due at its closing; add(t, 0) is t. Raises NoOpening when the calendar
        stays closed for more than 366 days on the way, CalendarError for a negative amount.
        """
        return from_micros(self.timeline.add(to_micros(start), _not_negative(amount)))

    def subtract(self, end: datetime, amount: timedelta) -> datetime:
        """Return the latest instant t <= end with between(t, end) >= amount; the mirror of add."""
        return from_micros(self.timeline.subtract(to_micros(end), _not_negative(amount)))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from start to end; negative when end is before start."""
        return to_duration(self.timeline.between(to_micros(start), to_micros(end)))

    def is_open(self, at: datetime) -> bool:
        """Whether the calendar is open at this instant: yes when it opens, no when it closes."""
        return self.timeline.is_open(to_micros(at))

    def spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Return the open spans between two instants, cut to them, in order; none when end <= start."""
        for opens, closes in self.timeline.spans(to_micros(start), to_micros(end)):
            yield Span(from_micros(opens), from_micros(closes))

    @property
    def business_days(self) -> BusinessDays:
        """The dates on which the calendar opens at all."""
        return business_days_of(self._definition)

    def next_opening(self, at: datetime) -> datetime:
        """Return this instant when the calendar is open, else the next at which it opens."""
        return from_micros(self.timeline.next_opening(to_micros(at)))

    def is_day_off(self, day: date) -> bool:
        """Whether a holiday or an override closes this whole date."""
        return self._definition.is_day_off(day)

    def midnight(self, day: date) -> datetime:
        """Return the instant at which a date begins in the calendar's zone."""
        return from_micros(opening(day, 0, zone(self.zone)))

    def local_date(self, at: datetime) -> date:
        """Return the date that an instant has in the calendar's zone."""
        return at.astimezone(zone(self.zone)).date()

    def __eq__(self, other: object) -> bool:
        """Compare descriptions."""
        return isinstance(other, Calendar) and self._definition == other._definition

    def __hash__(self) -> int:
        """Hash the description."""
        return hash(self._definition)

    def __repr__(self) -> str:
        """Name the zone and how many dates differ from the week."""
        return f"Calendar({self.zone!r}, {len(self._definition.dates)} dates of their own)"


def _not_negative(amount: timedelta) -> int:
    micros = duration_micros(amount)
    if micros < 0:
        raise CalendarError("an amount of time is not negative")
    return micros
