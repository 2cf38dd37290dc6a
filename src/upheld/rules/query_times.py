"""Instants as a query names them: `<2h`, `2026-11-22`, `>2026-11-01`, `today`, `overdue`."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from upheld.clock import Calendar, zone

DUE_WORDS = ("overdue", "before-closing", "today", "tomorrow", "none")
PAST_WORDS = ("today", "yesterday")
_A_DAY = timedelta(days=1)
_START = time()
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AMOUNT = re.compile(r"(<=?|>=?)?([0-9]{1,4})([mhdw])", re.IGNORECASE)
_DAY = re.compile(r"(<=?|>=?)?([0-9]{4}-[0-9]{2}-[0-9]{2})")


class Side(StrEnum):
    """On which side of something."""

    within = "within"
    beyond = "beyond"
    on = "on"


@dataclass(frozen=True, slots=True)
class Span:
    """So long from now, forward for what is due, back for what was: `<2h` is within, `>3d` beyond it."""

    amount: timedelta
    side: Side


@dataclass(frozen=True, slots=True)
class Day:
    """A date; before it, on it or after it. `itself` says whether the date belongs to what is before or after."""

    day: date
    side: Side = Side.on
    itself: bool = True


@dataclass(frozen=True, slots=True)
class Named:
    """A word for a time."""

    word: str


Time = Span | Day | Named


def read_time(key: str, text: str) -> Time | None:
    """Read a time as the value of a key; None for what is none."""
    word = text.lower()
    if word in (DUE_WORDS if key == "due" else PAST_WORDS):
        return Named(word)
    if amount := _AMOUNT.fullmatch(text):
        side = Side.beyond if (amount[1] or "<")[0] == ">" else Side.within
        return Span(timedelta(**{_UNITS[amount[3].lower()]: int(amount[2])}), side)
    if day := _DAY.fullmatch(text):
        return _day(day[1] or "", day[2])
    return None


def _day(sign: str, text: str) -> Day | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # What is near the ends of time has no day before or after it.
    if not 1900 <= day.year <= 2999:
        return None
    sides = {"": Side.on, "<": Side.within, ">": Side.beyond}
    return Day(day, sides[sign[:1]], itself=not sign or sign.endswith("="))


def closing(calendar: Calendar, now: datetime) -> datetime | None:
    """Return when a calendar closes for the last time on its day that `now` is in; None where it does not open."""
    today = calendar.local_date(now)
    spans = list(calendar.spans(calendar.midnight(today), calendar.midnight(today + _A_DAY)))
    return spans[-1].end if spans else None


def bounds(meant: Day | Named, now: datetime, zone_name: str) -> tuple[datetime | None, datetime | None]:
    """Return from when to before when a date or the name of one reaches in a zone; None where it has no end."""
    if isinstance(meant, Named):
        today = now.astimezone(zone(zone_name)).date()
        meant = Day(today + _A_DAY * {"yesterday": -1, "today": 0, "tomorrow": 1}[meant.word])
    start, end = _midnight(meant.day, zone_name), _midnight(meant.day + _A_DAY, zone_name)
    match meant.side:
        case Side.within:
            return None, end if meant.itself else start
        case Side.beyond:
            return start if meant.itself else end, None
    return start, end


def _midnight(day: date, zone_name: str) -> datetime:
    return datetime.combine(day, _START, tzinfo=zone(zone_name)).astimezone(UTC)
