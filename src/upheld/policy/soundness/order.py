"""Whether a later request could be due before an earlier one.

A single amount never lets that happen, nor do amounts that are joined: each of them is due no earlier for what comes
later, and so is the earliest of them. Only where the hours decide which amount holds can it happen, so only such
promises are tried. A test holds the reasoning.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from upheld.policy.document import Document
from upheld.policy.remarks import Remark
from upheld.policy.soundness.matrix import Case, Matrix, metrics_of, told_case
from upheld.policy.soundness.trials import Due, Trials
from upheld.policy.standing import Metric

_MOST_TARGETS, _MOST_TRIALS = 60, 5_000_000
_ENOUGH = 500


class Overtaken(NamedTuple):
    """Two requests of one kind, of which the later is due first."""

    metric: Metric
    case: Case
    earlier: Due
    later: Due


def order_remarks(document: Document, trials: Trials, instants: Sequence[int]) -> Iterator[Remark]:
    """Yield the edges at which somebody who asks later is due an answer before somebody who asked earlier.

    It is a problem, unless the source itself words every amount behind it: then the author can only follow the source,
    and may accept the finding with a reason.
    """
    ways = [
        (metric, case, numbers)
        for metric in metrics_of(document)
        for numbers, case in Matrix(document, metric, with_hours=False).combinations().items()
        if any(trials.candidates[number].asks_hours for number in numbers)
    ]
    if not ways:
        return
    targets = [number for _, _, numbers in ways for number in numbers]
    if len(set(targets)) > _MOST_TARGETS or len(instants) * len(targets) > _MOST_TRIALS:
        said = "the targets that ask whether the desk is open distinguish too many cases"
        yield Remark("too-large", ("targets",), said, f"at most {_MOST_TARGETS} such targets are tried")
        return
    told: set[tuple[int, int]] = set()
    for metric, case, numbers in ways:
        for found in islice(overtaken(metric, case, numbers, trials, instants), _ENOUGH):
            behind = (found.earlier.candidate.number, found.later.candidate.number)
            if behind not in told:
                told.add(behind)
                yield _remark(document, trials, found)


def overtaken(
    metric: Metric, case: Case, numbers: Sequence[int], trials: Trials, instants: Sequence[int]
) -> Iterator[Overtaken]:
    """Yield every request that is due before an earlier one, with the nearest such one."""
    latest: Due | None = None
    before: list[Due] = []
    for at in instants:
        due = trials.first_due(numbers, at)
        if due is None:
            continue
        if latest is not None and due.due < latest.due:
            earlier = next(each for each in reversed(before) if each.due > due.due)
            yield Overtaken(metric, case, earlier, due)
        before.append(due)
        if latest is None or due.due > latest.due:
            latest = due


def _remark(document: Document, trials: Trials, found: Overtaken) -> Remark:
    earlier, later = found.earlier, found.later
    said = (
        f"a request of {trials.told(later.at)} would have its {found.metric} due before one of "
        f"{trials.told(earlier.at)}: {trials.told(later.due)} ({later.candidate.target.id!r}) and "
        f"{trials.told(earlier.due)} ({earlier.candidate.target.id!r}), for {told_case(found.case)}"
    )
    parts = [document.targets[each.candidate.number] for each in (earlier, later)]
    in_source = all(part.cites and not part.assumed for part in parts)
    code = "out-of-order-in-source" if in_source else "out-of-order"
    path = ("targets", later.candidate.number)
    return Remark(code, path, said, "join the targets at that edge with `also`")
