"""Whether a later request could be due before an earlier one: tried out at every edge of two weeks of hours."""

from collections.abc import Iterator
from itertools import pairwise, product

from upheld.clock import Calendar, from_micros
from upheld.policy.compilation import compile_calendar, compile_target
from upheld.policy.document import Document
from upheld.policy.plan import Governing
from upheld.policy.remarks import Remark
from upheld.policy.standing import Metric

_DAY = 86_400_000_000
_FIRST = 1_772_409_600_000_000  # Monday 2 March 2026, in weeks without a change of the clocks in most zones
_TRIED = 12 * _DAY
_MOST_CASES = 200


def out_of_order(document: Document) -> Iterator[Remark]:
    """Remark the metrics in which somebody who asks later would be due an answer before somebody who asked earlier."""
    calendars = {name: compile_calendar(part, document.zone) for name, part in document.calendars.items()}
    targets = [compile_target(part, list(calendars)) for part in document.targets]
    governing = Governing(targets, calendars)
    if not any(target.condition.received or target.outside for target in targets):
        return
    instants = _edges(calendars, _minutes(document))
    for metric in dict.fromkeys(target.metric for target in targets):
        found = _first_of(document, governing, metric, instants)
        if found is not None:
            earlier, later = (from_micros(each).strftime("%a %H:%M UTC") for each in found)
            message = f"a request of {later} would have its {metric} due before one of {earlier}"
            yield ("targets",), message, "join the targets at that edge with `also`"


def _first_of(
    document: Document, governing: Governing, metric: Metric, instants: list[int]
) -> tuple[int, int] | None:
    for case in _cases(document, governing):
        dues = [(at, due) for at in instants if (due := _due(governing, metric, case, at)) is not None]
        for (earlier, first), (later, second) in pairwise(dues):
            if second < first:
                return earlier, later
    return None


def _due(governing: Governing, metric: Metric, case: tuple[str, ...], at: int) -> int | None:
    lanes = [plan.begin(at, at) for plan in governing.plans(metric, case, at)]
    return min((lane.due(at) for lane in lanes if lane is not None), default=None)


def _cases(document: Document, governing: Governing) -> list[tuple[str, ...]]:
    """Return the cases in which conditions differ, at most a few hundred of them."""
    values: list[list[str]] = []
    for name in governing.fields:
        named = {id for part in document.targets if part.when for id in getattr(part.when, name, None) or ()}
        other = [] if name == "priority" else [""]
        known = [part.id for part in document.priorities] if name == "priority" else sorted(named)
        values.append([*known, *other])
    return list(product(*values))[:_MOST_CASES]


def _minutes(document: Document) -> set[int]:
    texts = [part.within for part in document.targets if isinstance(part.within, str)]
    found = {text.removeprefix("cut-off ") for text in texts if text.startswith("cut-off ")}
    return {60 * int(text[:2]) + int(text[3:]) for text in found}


def _edges(calendars: dict[str, Calendar], minutes: set[int]) -> list[int]:
    """Return the instants to try: just before, at, and just after every opening and closing, and the hours between."""
    end = _FIRST + _TRIED
    marks = set(range(_FIRST, end, _DAY // 24))
    for calendar in calendars.values():
        for opens, closes in calendar.timeline.spans(_FIRST, end):
            marks.update((opens, closes))
            day = calendar.business_days.on_or_after(calendar.business_days.local(opens).date())
            marks.update(calendar.business_days.at_minute(day, minute) for minute in minutes)
    return sorted({at for mark in marks for at in (mark - 1, mark, mark + 1)})
