"""Wall-clock hours of one day: `07:30` to `17:00`, `22:00` to `06:00`, `00:00` to `24:00`."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from upheld.clock.errors import CalendarError

DAY_MINUTES = 24 * 60
_HOUR = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")


class Hours(NamedTuple):
    """Open from `opens` to `closes`, in minutes of the day; above 1440 it is the next day."""

    opens: int
    closes: int


def minute_of_day(text: str) -> int:
    """Return the minutes since midnight of `HH:MM`, from 00:00 to 24:00; raises CalendarError."""
    found = _HOUR.fullmatch(text)
    minute = int(found[1]) * 60 + int(found[2]) if found else DAY_MINUTES + 1
    if minute > DAY_MINUTES:
        raise CalendarError(f"{text!r} is not a time of day from 00:00 to 24:00")
    return minute


def hours(opens: str, closes: str) -> Hours:
    """Return the hours between two times of day; a close not after the open is on the next day."""
    start, end = minute_of_day(opens), minute_of_day(closes)
    if start in (end, DAY_MINUTES):
        raise CalendarError(f"{opens}-{closes} is no time at all; a whole day is 00:00-24:00")
    return Hours(start, end if end > start else end + DAY_MINUTES)


def united(spans: Iterable[Hours]) -> tuple[Hours, ...]:
    """Return the same hours in order, with those that touch or overlap made one."""
    result: list[Hours] = []
    for each in sorted(spans):
        if result and each.opens <= result[-1].closes:
            result[-1] = Hours(result[-1].opens, max(result[-1].closes, each.closes))
        else:
            result.append(each)
    return tuple(result)
