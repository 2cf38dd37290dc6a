"""Whether calendars open, and whether what is counted on them ends."""

from collections.abc import Iterator
from datetime import date, timedelta

from upheld.clock import CalendarError, NoOpening
from upheld.policy.compilation import compile_calendar
from upheld.policy.document import CalendarPart, Document
from upheld.policy.phrases import read_date, read_days
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark

_MICROSECOND, _ONE_DAY = timedelta(microseconds=1), timedelta(days=1)
_NEARLY_TOO_LONG = 350
_WEEKDAYS = read_days("mon-sun")


def calendar_problems(document: Document) -> Iterator[Remark]:
    """Yield calendars that have no meaning, or that never open."""
    for name, part in document.calendars.items():
        yield from _calendar(name, part, document.zone)


def closure_problems(document: Document) -> Iterator[Remark]:
    """Yield calendars that stay closed too long, with their holidays as dates."""
    for name, part in document.calendars.items():
        calendar = compile_calendar(part, document.zone)
        try:
            for day in _long_closures(part):
                closing = calendar.subtract(calendar.midnight(day), _MICROSECOND)
                calendar.add(closing, 2 * _MICROSECOND)
        except NoOpening:
            said = f"the calendar {name!r} is closed for more than 366 days"
            remedy = "a promise in working time needs an opening in every year"
            yield Remark("closed-too-long", ("calendars", name), said, remedy)


def unused_calendars(document: Document) -> Iterator[Remark]:
    """Yield calendars that nothing names, where there are several."""
    if len(document.calendars) < 2:
        return
    named = {part.calendar for part in document.targets}
    named |= {part.calendar for part in document.channels}
    named |= {part.calendar for part in document.escalation.ladders}
    named |= {part.calendar for part in document.escalation.customer_path}
    named.add(document.entitlement.calendar)
    for name in document.calendars:
        if name not in named:
            said = f"nothing counts on the calendar {name!r}"
            yield Remark("unused-calendar", ("calendars", name), said, "name it, or leave it out")


def _long_closures(part: CalendarPart) -> Iterator[date]:
    """Yield the first dates of closures that may be too long; those are few, and looking closely lays out years."""
    worked = {day for days, hours in part.hours.items() if hours != "closed" for day in read_days(days)}
    named = {read_date(day): False for day in part.days_off}
    named |= {read_date(day): hours != "closed" for day, hours in part.other_hours.items()}

    def is_open(day: date) -> bool:
        return named.get(day, _WEEKDAYS[day.weekday()] in worked)

    reached = date.min
    for first in sorted(named):
        day = first
        while reached < day and not is_open(day):
            day += _ONE_DAY
        if (day - first).days >= _NEARLY_TOO_LONG:
            yield first
        reached = max(reached, day)


def _calendar(name: str, part: CalendarPart, zone: str) -> Iterator[Remark]:
    path: Path = ("calendars", name)
    try:
        compile_calendar(part, zone)
    except CalendarError as error:
        yield Remark(
            "unreadable", (*path, _bad_key(part, zone)), str(error), "write hours such as 07:30-17:00"
        )
        return
    if not any(hours != "closed" for hours in part.hours.values()):
        said = f"the calendar {name!r} never opens"
        yield Remark("never-opens", (*path, "hours"), said, "give at least one day its hours")


def _bad_key(part: CalendarPart, zone: str) -> str:
    try:
        compile_calendar(part.model_copy(update={"other_hours": {}}), zone)
    except CalendarError:
        return "hours"
    return "other_hours"
