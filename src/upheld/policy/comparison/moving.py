"""A request that other hours move: the same promise, counted on a calendar that is open at other times."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from upheld.policy.comparison.conditions import OTHER, Found
from upheld.policy.comparison.effects import Dues, example, moved
from upheld.policy.comparison.governing import Cases
from upheld.policy.comparison.keys import METRICS
from upheld.policy.comparison.pair import Pair
from upheld.policy.comparison.side import BLOCK_OF_FIELD

_CASES_TRIED = 40
_HOURS_TRIED = (10, 16, 8, 12, 20, 0)
_DAYS_BEFORE = 4


def moved_by_hours(pair: Pair, calendar: str, day: date | None = None) -> str:
    """Return a sentence about the first request that is due at another time on a calendar of the new document: of an
    ordinary week, or around a day. Nothing where no such request was found."""
    for cases in pair.cases.values():
        for found in _on(pair, cases, calendar):
            dues = _dues(pair, cases, found, day)
            if moved(dues):
                return _told(pair, cases, found, dues, dated=day is not None)
    return ""


def _on(pair: Pair, cases: Cases, calendar: str) -> Iterator[Found]:
    """Yield cases whose targets both policies have, unchanged, on the calendar."""
    ours, theirs = pair.old.targets, pair.new.targets
    tried = 0
    for each in cases.tried:
        on_it = any(theirs[number].hours == calendar for number in each.new)
        same = len(each.old) == len(each.new) and all(
            pair.targets.get(old) == new and ours[old].amount.text == theirs[new].amount.text
            for old, new in zip(each.old, each.new, strict=True)
        )
        if on_it and same and tried < _CASES_TRIED:
            tried += 1
            yield each


def _dues(pair: Pair, cases: Cases, found: Found, day: date | None) -> list[Dues]:
    if day is None:
        return pair.dues(cases.metric, found)
    return pair.effects.of_hours(cases.metric, found, _around(day))


def _around(day: date) -> Iterable[tuple[date, int]]:
    days = [day, *(day - timedelta(days=number) for number in range(1, _DAYS_BEFORE + 1))]
    return ((each, hour) for each in days for hour in _HOURS_TRIED)


def _told(pair: Pair, cases: Cases, found: Found, dues: list[Dues], *, dated: bool) -> str:
    said = example(dues, cases.metric, pair.new.document.zone, dated=dated)
    known = ((name, value) for name, value in found.case.items() if name in BLOCK_OF_FIELD and value != OTHER)
    labels = [pair.new.label(BLOCK_OF_FIELD[name], value) for name, value in known]
    return f"{said.removesuffix('.')} ({', '.join([METRICS[cases.metric], *labels])})."
