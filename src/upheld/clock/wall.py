"""From wall times to instants: the one place where changes of the clocks are settled.

A wall time that does not exist is read as the instant at which the clocks jump. One that exists twice opens
at the first and closes at the second, so that no promised minute is lost. 24:00 belongs to the date that it
ends.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from upheld.clock.hours import DAY_MINUTES
from upheld.clock.instant import from_micros, to_micros

MINUTE = 60_000_000
_MICROSECOND = timedelta(microseconds=1)


def opening(day: date, minute: int, zone: ZoneInfo) -> int:
    """Return the instant at which a span opens that begins at this minute of the day."""
    return _resolve(datetime.combine(day, time(minute // 60, minute % 60)), zone, last=False)


def closing(day: date, minute: int, zone: ZoneInfo) -> int:
    """Return the instant at which a span closes that ends at this minute of the day, 24:00 included."""
    if minute == DAY_MINUTES:
        return _resolve(datetime.combine(day, time.max), zone, last=True) + 1
    return _resolve(datetime.combine(day, time(minute // 60, minute % 60)), zone, last=True)


def instant_of(wall: datetime, zone: ZoneInfo) -> int:
    """Return the instant of a wall time, the first of two where it is read twice."""
    return _resolve(wall, zone, last=False)


def _resolve(wall: datetime, zone: ZoneInfo, *, last: bool) -> int:
    first_offset = zone.utcoffset(wall.replace(fold=0))
    second_offset = zone.utcoffset(wall.replace(fold=1))
    assert first_offset is not None and second_offset is not None  # noqa: S101 - a ZoneInfo always knows
    micros = to_micros(wall.replace(tzinfo=UTC))
    if first_offset < second_offset:
        return _jump(micros - second_offset // _MICROSECOND, micros - first_offset // _MICROSECOND, zone)
    return micros - (second_offset if last else first_offset) // _MICROSECOND


def _jump(before: int, after: int, zone: ZoneInfo) -> int:
    """Return the instant in (before, after] at which the offset from UTC changes."""
    old = from_micros(before).astimezone(zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if from_micros(middle).astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
