"""When the steps of a story happened, told from the present, so that a demo is alive at any hour of any day.

| written | means |
| --- | --- |
| `23h` | that much working time ago |
| `4m elapsed` | that long ago by the clock on the wall |
| `+2h` | that much working time after the step before |
| `+40m elapsed` | that long after the step before |

What an agent did lies within working hours, unless the nearest ones are too far away to keep the story's sense.
"""

import re
from datetime import datetime, timedelta

from upheld.clock import Calendar

_FORM = re.compile(r"\A(\+?)(?:(\d+)h)?(?:(\d+)m)?( elapsed)?\Z")
_MOST_MOVED = timedelta(hours=16)
_BEFORE_CLOSING = timedelta(minutes=10)


def instant(when: str, before: datetime, now: datetime, calendar: Calendar, *, by_agent: bool) -> datetime:
    """Return the instant that `when` means, where `before` is the instant of the step before."""
    form = _FORM.match(when)
    if form is None:
        raise ValueError(f"not a time of a story: {when!r}")
    plus, hours, minutes, elapsed = form.groups()
    amount = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if not elapsed:
        return calendar.add(before, amount) if plus else calendar.subtract(now, amount)
    at = before + amount if plus else now - amount
    return max(_within_hours(at, calendar), before) if by_agent else at


def _within_hours(at: datetime, calendar: Calendar) -> datetime:
    if calendar.is_open(at):
        return at
    moved = calendar.subtract(at, _BEFORE_CLOSING)
    return moved if at - moved <= _MOST_MOVED else at
