"""Instants as integers: microseconds since 1970 in UTC, so that nothing is ever rounded."""

from datetime import UTC, datetime, timedelta

from upheld.clock.errors import NaiveInstant, OutOfRange

DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Multiplying and dividing by this is exact, and three times as fast as timedelta(microseconds=...).
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Return microseconds since 1970 in UTC; raises NaiveInstant for a datetime without a zone."""
    try:
        return (at - _EPOCH) // _MICROSECOND
    except TypeError:
        raise NaiveInstant(f"{at!r} has no time zone") from None


def micros_of_each(instants: list[datetime]) -> list[int]:
    """Return many instants at once; raises NaiveInstant as `to_micros` does."""
    epoch, one = _EPOCH, _MICROSECOND
    try:
        return [(at - epoch) // one for at in instants]
    except TypeError:
        return [to_micros(at) for at in instants]


def from_micros(micros: int) -> datetime:
    """Return the instant, in UTC; raises OutOfRange outside the years 1 to 9999."""
    try:
        return _EPOCH + _MICROSECOND * micros
    except OverflowError:
        raise OutOfRange("the instant lies outside the years 1 to 9999") from None


def to_duration(micros: int) -> timedelta:
    """Return a duration given in microseconds."""
    return _MICROSECOND * micros


def duration_micros(amount: timedelta) -> int:
    """Return a duration in microseconds."""
    return amount // _MICROSECOND
