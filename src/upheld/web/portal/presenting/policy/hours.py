"""When the desk works, told day by day, with the closed days that come next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from upheld.clock import Calendar
from upheld.policy import Policy
from upheld.policy.document import CalendarPart, Document
from upheld.policy.phrases import read_date, read_days
from upheld.web.portal.presenting.policy.names import listed
from upheld.web.portal.presenting.policy.readings import Readings
from upheld.web.portal.presenting.say import said_at, said_day
from upheld.web.presenting.times import When

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST_DAYS = 60
_AHEAD = timedelta(days=366)
_LOOKED_AT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Day:
    """A date on which the hours are not those of its weekday; `hours` is empty where the desk is closed."""

    date: str
    hours: str
    name: str


@dataclass(frozen=True, slots=True)
class Hours:
    """One calendar. `name` is empty where there is only one; `changes` is when it opens or closes next, if ever."""

    name: str
    zone: str
    week: Sequence[tuple[str, str]]
    is_open: bool
    changes: When | None
    next_days: Sequence[Day]
    remark: str
    mark: int


def hours_of(document: Document, policy: Policy, now: datetime, zone: str, readings: Readings) -> list[Hours]:
    """Every calendar of the policy."""
    several = len(document.calendars) > 1
    return [
        Hours(
            name=name if several else "",
            zone=policy.calendars[name].zone,
            week=[(_said_days(days), said_hours(hours)) for days, hours in part.hours.items()],
            is_open=policy.calendars[name].is_open(now),
            changes=_told(next_change(policy.calendars[name], now), zone),
            next_days=_next_days(part, policy.calendars[name], now),
            remark=readings.remark(part),
            mark=readings.mark(part, _("Hours “%(name)s”") % {"name": name}),
        )
        for name, part in document.calendars.items()
    ]


def week_of(part: CalendarPart) -> str:
    """A week in one line: `Monday to Friday 07:30–17:00`."""
    return "; ".join(f"{_said_days(days)} {said_hours(hours)}" for days, hours in part.hours.items())


def said_hours(text: str) -> str:
    """Hours as a document writes them, for people."""
    if text == "closed":
        return _("closed")
    if text.replace(" ", "") == "00:00-24:00":
        return _("around the clock")
    return text.replace(" ", "").replace("-", "–").replace(",", ", ")


def _said_days(text: str) -> str:
    parts = [part.strip().lower().partition("-") for part in text.split(",")]
    return listed([_span(first, last) for first, _dash, last in parts])


def _span(first: str, last: str) -> str:
    begins = str(WEEKDAYS[_DAYS.index(first)])
    if not last or last == first:
        return begins
    ends = str(WEEKDAYS[_DAYS.index(last)])
    return _("%(first)s to %(last)s") % {"first": begins, "last": ends}


def _told(at: datetime | None, zone: str) -> When | None:
    return None if at is None else said_at(at, zone)


def next_change(calendar: Calendar, now: datetime) -> datetime | None:
    """When a calendar closes, if it is open, else when it opens; None for one that is always open."""
    span = next(iter(calendar.spans(now, now + _LOOKED_AT)), None)
    if span is None:
        return calendar.next_opening(now)
    change = span.end if span.start <= now else span.start
    return change if change < now + _LOOKED_AT else None


def _next_days(part: CalendarPart, calendar: Calendar, now: datetime) -> list[Day]:
    """The next dates that are not as their weekday; a holiday on a day that is closed anyway changes nothing."""
    today = calendar.local_date(now)
    found = [day for day in _dates(part) if today <= day <= today + _AHEAD]
    return [
        Day(said_day(day), said_hours(hours) if hours != "closed" else "", part.days_off.get(key, ""))
        for day, key, hours in ((day, day.isoformat(), _hours_on(part, day)) for day in sorted(found))
    ][:_MOST_DAYS]


def _dates(part: CalendarPart) -> Iterator[date]:
    open_days = {day for days, hours in part.hours.items() if hours != "closed" for day in read_days(days)}
    for text in part.other_hours:
        yield read_date(text)
    for text in part.days_off:
        day = read_date(text)
        if text not in part.other_hours and _DAYS[day.weekday()] in open_days:
            yield day


def _hours_on(part: CalendarPart, day: date) -> str:
    return part.other_hours.get(day.isoformat(), "closed")
