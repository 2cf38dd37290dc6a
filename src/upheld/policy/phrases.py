"""Amounts of time, hours and wall times as a policy document writes them."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from upheld.policy.amounts import Amount, AmountKind

_AMOUNT = re.compile(r"(\d{1,6}) (working|elapsed) (minutes?|hours?|days?)")
_BUSINESS_DAYS = re.compile(
    r"(\d{1,4}) business days?( at the same time| at close| of (\d{1,4} working \w+))?"
)
_CUT_OFF = re.compile(r"cut-off (\d\d:\d\d)")
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_HOURS = re.compile(r"(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)")
_WALL_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class OutOfBounds(ValueError):  # noqa: N818 - it names what was found
    """A length of time is none, or longer than ten years."""


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
        right = "write it in working hours, or `2 business days`"
        raise ValueError(f"{text!r} does not say how long a working day is; {right}")
    duration = int(found[1]) * _UNITS[unit]
    if not timedelta(0) < duration <= timedelta(days=3660):
        raise OutOfBounds(f"{text!r} is no time, or more than ten years; write a time between the two")
    return Phrase(duration, working)


def read_promise(text: str) -> Amount:
    """Read everything that a target may promise, without its calendar; raises ValueError as `read_amount` does."""
    if text in _WITHOUT_CLOCK:
        return Amount(_WITHOUT_CLOCK[text], text=text)
    if found := _CUT_OFF.fullmatch(text):
        return Amount(AmountKind.cut_off, minute=_minute(found[1]), text=text)
    if found := _BUSINESS_DAYS.fullmatch(text):
        return _business_days(text, int(found[1]), found[2] or "", found[3])
    try:
        phrase = read_amount(text)
    except ValueError as error:
        if "is not an amount" not in str(error):
            raise
        raise ValueError(f"{text!r} is not an amount of time; {_AMOUNTS}") from None
    kind = AmountKind.working if phrase.working else AmountKind.elapsed
    return Amount(kind, duration=phrase.duration, text=text)


def read_delay(text: str) -> Amount:
    """Read when a step of a ladder comes: `at once`, or a length of time or business days; raises ValueError."""
    if text == "at once":
        return Amount(AmountKind.elapsed, text=text)
    amount = read_promise(text)
    if not amount.has_clock or amount.kind is AmountKind.cut_off:
        right = "write `at once`, or for example `2 elapsed hours` or `2 business days`"
        raise ValueError(f"{text!r} is no time after which a step comes; {right}")
    return amount


def read_span(text: str) -> Amount:
    """Read a length of time or business days; raises ValueError."""
    amount = read_promise(text)
    if not amount.has_clock or amount.kind is AmountKind.cut_off:
        right = "write for example `1 working hour` or `2 business days`"
        raise ValueError(f"{text!r} is no length of time; {right}")
    return amount


_WITHOUT_CLOCK = {"best effort": AmountKind.best_effort, "discretionary": AmountKind.discretionary}
_AMOUNTS = (
    "write for example `16 working hours`, `72 elapsed hours`, `2 business days`, `1 business day at close`, "
    "`cut-off 12:00`, `best effort` or `discretionary`"
)


def _business_days(text: str, days: int, reading: str, length: str | None) -> Amount:
    if not 0 < days <= 2600:
        raise OutOfBounds(f"{text!r} is no time, or more than ten years; write a number between the two")
    if length is not None:
        day = read_amount(length).duration
        if day > timedelta(days=1) or days * day > timedelta(days=3660):
            raise OutOfBounds(f"{text!r} is a day of more than 24 hours, or more than ten years; write less")
        return Amount(AmountKind.working, duration=days * day, text=text, days=days)
    kind = AmountKind.days_at_close if reading == " at close" else AmountKind.days_same_time
    return Amount(kind, days=days, text=text)


def _minute(text: str) -> int:
    hours, minutes = int(text[:2]), int(text[3:])
    if hours > 23 or minutes > 59 or (hours, minutes) == (0, 0):
        raise ValueError(f"{text!r} is not a time of day; write one from 00:01 to 23:59")
    return 60 * hours + minutes


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
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a time; there is no such day or hour") from None


def amount_text(duration: timedelta, *, working: bool) -> str:
    """Return an amount as a document writes it, in the largest unit that fits."""
    kind = "working" if working else "elapsed"
    for unit, size in (("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if duration % size == timedelta(0):
            count = duration // size
            return f"{count} {kind} {unit}{'' if count == 1 else 's'}"
    return f"{duration.total_seconds():g} {kind} seconds"
