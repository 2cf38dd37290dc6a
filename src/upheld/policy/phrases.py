"""Amounts of time, hours and wall times as a policy document writes them."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

_AMOUNT = re.compile(r"(\d{1,6}) (working|elapsed) (minutes?|hours?|days?)")
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_HOURS = re.compile(r"(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)")
_WALL_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Phrase(NamedTuple):
    """An amount of time: working time needs a calendar, elapsed time does not."""

    duration: timedelta
    working: bool


def read_amount(text: str) -> Phrase:
    """Read `16 working hours` or `72 elapsed hours`; raises ValueError `what is wrong; what is right`."""
    found = _AMOUNT.fullmatch(text)
    if not found:
        right = "write for example `16 working hours` or `72 elapsed hours`"
        raise ValueError(f"{text!r} is not an amount of time; {right}")
    unit, working = found[3].rstrip("s"), found[2] == "working"
    if working and unit == "day":
        raise ValueError(f"{text!r} does not say how long a working day is; write it in working hours")
    duration = int(found[1]) * _UNITS[unit]
    if not timedelta(0) < duration <= timedelta(days=3660):
        raise ValueError(f"{text!r} is no time, or more than ten years; write a time between the two")
    return Phrase(duration, working)


def read_hours(text: str) -> list[tuple[str, str]]:
    """Read `07:30-12:00, 13:00-17:00` or `closed`; raises ValueError."""
    if text == "closed":
        return []
    found = [_HOURS.fullmatch(part.strip()) for part in text.split(",")]
    if not all(found):
        raise ValueError(f"{text!r} is not hours; write for example `07:30-12:00, 13:00-17:00` or `closed`")
    return [(each[1], each[2]) for each in found if each]


def read_days(text: str) -> tuple[str, ...]:
    """Read `mon`, `mon-fri` or `mon, wed`; raises ValueError."""
    days: list[str] = []
    for part in text.lower().split(","):
        first, _, last = part.strip().partition("-")
        if first not in _DAYS or (last or first) not in _DAYS:
            raise ValueError(f"{text!r} is not a day; the days are {', '.join(_DAYS)}")
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        days += _DAYS[start : end + 1] if start <= end else _DAYS[start:] + _DAYS[: end + 1]
    return tuple(days)


def read_date(text: str) -> date:
    """Read `2026-12-25`; raises ValueError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date; write for example `2026-12-25`") from None


def read_wall_time(text: str) -> datetime:
    """Read `2026-03-20 16:50`, a time in the policy's zone, as a datetime without one; raises ValueError."""
    if not _WALL_TIME.fullmatch(text):
        raise ValueError(f"{text!r} is not a time; write for example `2026-03-20 16:50`")
    return datetime.fromisoformat(text)


def amount_text(duration: timedelta, *, working: bool) -> str:
    """Return an amount as a document writes it, in the largest unit that fits."""
    kind = "working" if working else "elapsed"
    for unit, size in (("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if duration % size == timedelta(0):
            count = duration // size
            return f"{count} {kind} {unit}{'' if count == 1 else 's'}"
    return f"{duration.total_seconds():g} {kind} seconds"
