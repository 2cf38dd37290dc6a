"""Whether every length of time that the document tells can be counted, and ends within ten years."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from upheld.clock import Calendar, CalendarError, duration_micros, to_micros
from upheld.policy.amounts import Amount
from upheld.policy.compilation import compile_calendar, compile_ladder, read_on
from upheld.policy.document import ByHours, Document, TargetPart
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark
from upheld.policy.terms import term

_YEAR = 366 * 86_400_000_000
_YEARS = 11
_MONDAY = date(2026, 3, 2)


class Told(NamedTuple):
    """An amount of time with its place in the document."""

    path: Path
    amount: Amount


def monday_opening(calendar: Calendar) -> int:
    """Return when a calendar first opens from an ordinary Monday on; raises CalendarError."""
    return to_micros(calendar.next_opening(calendar.midnight(_MONDAY)))


def due_from(start: int, amount: Amount, calendars: dict[str, Calendar]) -> int:
    """Return when an amount is due that counts from an instant; raises CalendarError."""
    ready = term(amount, calendars)
    budget, slack = ready.budget(start)
    return ready.measure.add(start, budget + slack) - slack


def length_problems(document: Document) -> Iterator[Remark]:
    """Yield lengths of time that take more than ten years, or never end, on the calendars of a dated document."""
    calendars = {name: compile_calendar(part, document.zone) for name, part in document.calendars.items()}
    known: dict[Amount, bool] = {}
    for path, amount in _amounts(document):
        if amount not in known:
            known[amount] = _ends(amount, calendars)
        if not known[amount]:
            said = f"{amount.text!r} takes more than ten years on this calendar"
            yield Remark("out-of-bounds", path, said, "write a shorter time, or open the calendar more often")


def _ends(amount: Amount, calendars: dict[str, Calendar]) -> bool:
    start = to_micros(Calendar.always().midnight(_MONDAY))
    if amount.calendar is not None:
        # Asked first, since counting the hours of a desk that hardly opens lays out centuries.
        a_year = calendars[amount.calendar].timeline.between(start, start + _YEAR)
        if duration_micros(amount.duration) > _YEARS * a_year:
            return False
    try:
        return due_from(start, amount, calendars) - start <= _YEARS * _YEAR
    except CalendarError:
        return False


def _amounts(document: Document) -> Iterator[Told]:
    only = next(iter(document.calendars)) if len(document.calendars) == 1 else None
    for number, part in enumerate(document.targets):
        for path, text in _texts(part, ("targets", number)):
            amount = read_on(text, part.calendar or only)
            if amount.has_clock:
                yield Told(path, amount)
    for number, ladder in enumerate(document.escalation.ladders):
        for place, step in enumerate(compile_ladder(ladder, list(document.calendars)).steps):
            yield Told(("escalation", "ladders", number, "steps", place, "after"), step.delay)
    for number, level in enumerate(document.escalation.customer_path):
        if level.reply_within is not None:
            amount = read_on(level.reply_within, level.calendar or only)
            if amount.has_clock:
                yield Told(("escalation", "customer_path", number, "reply_within"), amount)


def _texts(part: TargetPart, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(part.within, ByHours):
        yield (*path, "within", "inside"), part.within.inside
        yield (*path, "within", "outside"), part.within.outside
    for name in ("within", "every", "aim"):
        text = getattr(part, name)
        if isinstance(text, str):
            yield (*path, name), text
