"""Every kind of request that the targets of a metric tell apart, and which targets fit it.

The targets that fit are found as bits: bit n stands for the n-th target of the metric.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from upheld.policy.document import CONDITIONS, Document, TargetPart
from upheld.policy.remarks import Remark
from upheld.policy.soundness.references import known_ids
from upheld.policy.standing import Metric

MOST_CASES = 20_000
OTHER = "(any other)"
_SHOWN = 4
_HOURS = "received"

Case = dict[str, str]


class Axis(NamedTuple):
    """A field that conditions ask for: its values, and the targets that fit each of them."""

    name: str
    values: list[str]
    fitting: list[int]


class Matrix:
    """The kinds of request that the targets of some metrics tell apart. `numbers` are their places in the document."""

    def __init__(self, document: Document, *metrics: Metric, with_hours: bool = True) -> None:
        """Find the fields that conditions ask for; the hours are among them only `with_hours`."""
        self._document = document
        self.numbers = [number for number, part in enumerate(document.targets) if part.metric in metrics]
        self._targets = [document.targets[number] for number in self.numbers]
        names = [*CONDITIONS, *([_HOURS] if with_hours else [])]
        self.names = [name for name in names if name == "priority" or self._asked(name)]
        self.axes = [self._axis(document, name) for name in self.names]
        self.count = 1
        for axis in self.axes:
            self.count *= len(axis.values)

    def cases(self) -> Iterator[tuple[Case, list[int]]]:
        """Yield every kind of request with the places of the targets that fit it, in their order."""
        known: dict[int, list[int]] = {}
        for chosen in product(*(zip(axis.values, axis.fitting, strict=True) for axis in self.axes)):
            bits = -1
            for _, fitting in chosen:
                bits &= fitting
            if bits not in known:
                known[bits] = [number for place, number in enumerate(self.numbers) if bits >> place & 1]
            yield dict(zip(self.names, (value for value, _ in chosen), strict=True)), known[bits]

    def combinations(self) -> dict[tuple[int, ...], Case]:
        """Return every set of targets that may govern together, with the first kind of request that they fit."""
        found: dict[tuple[int, ...], Case] = {}
        for case, fitting in self.cases():
            found.setdefault(tuple(may_govern(self._document, fitting)), case)
        return found

    def _asked(self, name: str) -> bool:
        return any(part.when is not None and getattr(part.when, name) for part in self._targets)

    def _axis(self, document: Document, name: str) -> Axis:
        values = self._values(document, name)
        return Axis(name, values, [self._fitting(name, value) for value in values])

    def _values(self, document: Document, name: str) -> list[str]:
        if name == _HOURS:
            return ["inside", "outside"]
        known = known_ids(document, name)
        named = {id for part in self._targets if part.when for id in getattr(part.when, name) or ()}
        if known is not None and name in ("priority", "status"):
            return known
        return [*(known or sorted(named)), OTHER]

    def _fitting(self, name: str, value: str) -> int:
        return sum(1 << place for place, part in enumerate(self._targets) if _fits(part, name, value))


def may_govern(document: Document, fitting: list[int]) -> list[int]:
    """Return the targets of those that fit a request that may govern it, whenever it comes.

    The first of a metric that applies at any hour governs; behind it only those come that join.
    """
    found: list[int] = []
    closed: set[Metric] = set()
    for number in fitting:
        part = document.targets[number]
        if part.also or part.metric not in closed:
            found.append(number)
        if part.when is None or part.when.received is None:
            closed.add(part.metric)
    return found


def metrics_of(document: Document) -> list[Metric]:
    """Return the metrics that are promised, in the order of their first targets."""
    return list(dict.fromkeys(part.metric for part in document.targets))


def coverage_problems(document: Document) -> Iterator[Remark]:
    """Yield targets that can never govern, and requests that no target covers, by trying every kind of request."""
    for metric in metrics_of(document):
        matrix = Matrix(document, metric)
        if matrix.count > MOST_CASES:
            said = f"the targets of {metric} distinguish too many cases"
            yield Remark("too-large", ("targets",), said, f"at most {MOST_CASES}")
        else:
            yield from _covered(document, metric, matrix)


def told_case(case: Case) -> str:
    """Return a kind of request in words."""
    return ", ".join(f"{name} {value}" for name, value in case.items())


def _covered(document: Document, metric: Metric, matrix: Matrix) -> Iterator[Remark]:
    governing: set[int] = set()
    missing: list[Case] = []
    for case, fitting in matrix.cases():
        governing.update(fitting[:1])
        governing.update(number for number in fitting if document.targets[number].also)
        if not fitting:
            missing.append(case)
    for number in matrix.numbers:
        if number not in governing:
            said = f"the target {document.targets[number].id!r} can never govern"
            yield Remark("never-governs", ("targets", number), said, "an earlier target fits first: reorder")
    if missing:
        said = f"{metric} has no target for {_told(missing, matrix.names)}"
        remedy = "an absent promise must be said: add the missing targets"
        yield Remark("missing-cell", ("targets",), said, remedy)


def _told(missing: list[Case], names: list[str]) -> str:
    if names == ["priority"]:
        return ", ".join(case["priority"] for case in missing)
    told = "; ".join(told_case(case) for case in missing[:_SHOWN])
    return told if len(missing) <= _SHOWN else f"{told}; and {len(missing) - _SHOWN} more cases"


def _fits(part: TargetPart, name: str, value: str) -> bool:
    wanted = None if part.when is None else getattr(part.when, name)
    if wanted is None:
        return True
    return value == wanted if name == _HOURS else value in wanted
