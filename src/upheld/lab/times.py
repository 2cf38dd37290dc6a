"""When the steps of a story happened, told from the present, so that a demo is alive at any hour of any day.

| written | means |
| --- | --- |
| `23h` | that much working time ago |
| `4m elapsed` | that long ago by the clock on the wall |
| `+2h` | that much working time after the step before |
| `+40m elapsed` | that long after the step before |
| `fri 14:10` | the latest Friday at that time of day, in the calendar's zone |

What an agent did lies within working hours, unless the nearest ones are too far away to keep the story's sense.
"""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from upheld.clock import Calendar

_FORM = re.compile(r"\A(\+?)(?:(\d+)h)?(?:(\d+)m)?( elapsed)?\Z")
_WEEKDAY = re.compile(r"\A(mon|tue|wed|thu|fri|sat|sun) (\d\d):(\d\d)\Z")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST_MOVED = timedelta(hours=16)
_BEFORE_CLOSING = timedelta(minutes=10)


def instant(when: str, before: datetime, now: datetime, calendar: Calendar, *, by_agent: bool) -> datetime:
    """Return the instant that `when` means, where `before` is the instant of the step before."""
    if (weekday := _WEEKDAY.match(when)) is not None:
        return _latest(DAYS.index(weekday[1]), time(int(weekday[2]), int(weekday[3])), now, calendar)
    form = _FORM.match(when)
    if form is None:
        raise ValueError(f"not a time of a story: {when!r}")
    plus, hours, minutes, elapsed = form.groups()
    amount = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if not elapsed:
        return calendar.add(before, amount) if plus else calendar.subtract(now, amount)
    at = before + amount if plus else now - amount
    return max(_within_hours(at, calendar), before) if by_agent else at


def _latest(weekday: int, at: time, now: datetime, calendar: Calendar) -> datetime:
    zone = ZoneInfo(calendar.zone)
    day = now.astimezone(zone).date()
    day -= timedelta(days=(day.weekday() - weekday) % 7)
    found = datetime.combine(day, at, zone).astimezone(UTC)
    return found if found <= now else datetime.combine(day - timedelta(days=7), at, zone).astimezone(UTC)


def _within_hours(at: datetime, calendar: Calendar) -> datetime:
    if calendar.is_open(at):
        return at
    moved = calendar.subtract(at, _BEFORE_CLOSING)
    return moved if at - moved <= _MOST_MOVED else at
