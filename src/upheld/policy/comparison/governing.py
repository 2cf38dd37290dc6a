"""Which tickets are governed by another target than before: found by trying every kind of ticket."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod

from upheld.policy.comparison.conditions import OTHER, Case, Found, Governs
from upheld.policy.comparison.side import BLOCK_OF_FIELD, Side
from upheld.policy.document import CONDITIONS, TargetPart
from upheld.policy.standing import Metric

_MOST_CASES = 20_000

_Listed = list[tuple[int, TargetPart]]


class TooManyCases(ValueError):  # noqa: N818 - it names what was found
    """The targets of the two policies distinguish more cases than are tried."""


@dataclass(frozen=True)
class Cases:
    """Every kind of ticket that both policies know, as far as the targets of a metric tell them apart.

    `matched` says which target of the new document is which of the old one.
    """

    old: Side
    new: Side
    metric: Metric
    matched: Mapping[int, int]

    @cached_property
    def names(self) -> list[str]:
        """The fields that any condition asks for, and the priority."""
        asked = (name for name in (*CONDITIONS, "received") if name == "priority" or any(self._named(name)))
        return list(asked)

    @cached_property
    def every(self) -> list[Found]:
        """All cases with the targets that govern them; raises TooManyCases."""
        values = [self._values(name) for name in self.names]
        if prod(len(each) for each in values) > _MOST_CASES:
            raise TooManyCases
        cases = (dict(zip(self.names, each, strict=True)) for each in product(*values))
        return [Found(case, _governing(self._old, case), _governing(self._new, case)) for case in cases]

    @cached_property
    def tried(self) -> list[Found]:
        """All cases, those first of which least is known; none where there are too many."""
        try:
            return sorted(self.every, key=lambda found: sum(value != OTHER for value in found.case.values()))
        except TooManyCases:
            return []

    def of_both(self, old: int, new: int) -> Found | None:
        """Return a case that a target governs in both documents: alone, if there is one."""
        both = [each for each in self.tried if old in each.old and new in each.new]
        alone = (each for each in both if (each.old, each.new) == ((old,), (new,)))
        return next(alone, both[0] if both else None)

    def moved(self) -> Mapping[tuple[Governs, Governs], list[Found]]:
        """Return the cases that other targets govern now, by those targets."""
        found: dict[tuple[Governs, Governs], list[Found]] = {}
        for each in self.every:
            if tuple(self.matched.get(number) for number in each.old) != each.new:
                found.setdefault((each.old, each.new), []).append(each)
        return found

    @property
    def asked_alike(self) -> bool:
        """Whether the same targets stand in the same order under the same conditions."""
        old = [(self.matched.get(number), part.when, part.also) for number, part in self._old]
        return old == [(number, part.when, part.also) for number, part in self._new]

    @property
    def in_the_same_order(self) -> bool:
        """Whether the targets that both documents have stand in the same order."""
        places = [place for number, _ in self._old if (place := self.matched.get(number)) is not None]
        return places == sorted(places)

    @property
    def is_in_both(self) -> bool:
        """Whether both policies promise it."""
        return bool(self._old and self._new)

    @cached_property
    def _old(self) -> _Listed:
        return _of_metric(self.old, self.metric)

    @cached_property
    def _new(self) -> _Listed:
        return _of_metric(self.new, self.metric)

    def _named(self, name: str) -> Iterator[str]:
        for _, part in (*self._old, *self._new):
            wanted = getattr(part.when, name) if part.when else None
            yield from [wanted] if isinstance(wanted, str) else wanted or ()

    def _values(self, name: str) -> list[str]:
        if name == "received":
            return ["inside", "outside"]
        old, new = (
            [part.id for part in getattr(side.document, BLOCK_OF_FIELD[name])]
            for side in (self.old, self.new)
        )
        if name in ("priority", "status"):
            return [id for id in new if id in old]
        named = dict.fromkeys(self._named(name))
        return [*(id for id in new if id in named), *(id for id in named if id not in new), OTHER]


def _of_metric(side: Side, metric: Metric) -> _Listed:
    return [(number, part) for number, part in enumerate(side.document.targets) if part.metric == metric]


def _governing(listed: _Listed, case: Case) -> Governs:
    fitting = [(number, part) for number, part in listed if _fits(part, case)]
    return tuple(number for place, (number, part) in enumerate(fitting) if not place or part.also)


def _fits(part: TargetPart, case: Case) -> bool:
    when = part.when
    if when is None:
        return True
    if when.received is not None and case["received"] != when.received:
        return False
    return all(case[name] in wanted for name in CONDITIONS if (wanted := getattr(when, name)))
