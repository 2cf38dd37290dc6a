"""Priorities that come, go or take the place of others, with what they are promised."""

from collections.abc import Iterator

from upheld.policy.comparison.blocks import items
from upheld.policy.comparison.difference import Difference, Kind
from upheld.policy.comparison.keys import METRICS, key_of
from upheld.policy.comparison.pair import Pair
from upheld.policy.comparison.promises import promise
from upheld.policy.comparison.saying import listed
from upheld.policy.comparison.side import Place, Side
from upheld.policy.document import Document
from upheld.policy.standing import Metric

_WITH_PROMISES = (Kind.added, Kind.replaced)


def priorities(pair: Pair, old: Document, new: Document, place: Place, it: str) -> Iterator[Difference]:
    """Yield in what the priorities differ; of new ones, what they are promised."""
    key = key_of(Document, "priorities")
    numbers = {f"priorities[{number}]": number for number in range(len(new.priorities))}
    for each in items(pair, key, old.priorities, new.priorities, place.at("priorities")):
        number = numbers.get(each.new_path) if each.kind in _WITH_PROMISES else None
        yield each if number is None else each.with_more(_promised(pair.new, number))


def _promised(side: Side, number: int) -> str:
    """Return what a priority is promised when nothing else is known of a ticket."""
    part = side.document.priorities[number]
    case = side.governing.case({"priority": part.id, "status": side.document.initial_status})
    plans = ((metric, side.governing.usual(metric, case)) for metric in Metric)
    parts = {target.id: target for target in side.document.targets}
    said = [
        f"{METRICS[metric]} {promise(parts[plan.target.id])}" for metric, plan in plans if plan is not None
    ]
    return f" {part.label}: {listed(said)}." if said else ""
