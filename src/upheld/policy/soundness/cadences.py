"""Whether updates come before what they are to bridge."""

from collections.abc import Iterator, Sequence

from upheld.policy.document import Document
from upheld.policy.remarks import Remark
from upheld.policy.soundness.matrix import MOST_CASES, Matrix, metrics_of, told_case
from upheld.policy.soundness.trials import Trials
from upheld.policy.standing import Metric

# One instant in this many is enough to see which of two lengths of time is the longer one.
_STRIDE = 97


def long_cadences(document: Document, trials: Trials) -> Iterator[Remark]:
    """Yield cadences of which the first update is never due before the resolution of the same request.

    Those that hold in some statuses only begin later than the ticket, and are not compared.
    """
    if not {Metric.update, Metric.resolution} <= set(metrics_of(document)):
        return
    matrix = Matrix(document, Metric.update, Metric.resolution, with_hours=False)
    told: set[int] = set()
    for numbers, case in matrix.combinations().items() if matrix.count <= MOST_CASES else ():
        updates = [number for number in numbers if _is_cadence(document, number)]
        resolutions = [number for number in numbers if document.targets[number].metric is Metric.resolution]
        found = _never_first(updates, resolutions, trials)
        if found is not None and found not in told:
            told.add(found)
            part = document.targets[found]
            said = f"an update {part.every} is never due before the resolution, for {told_case(case)}"
            yield Remark("cadence-too-long", ("targets", found, "every"), said, "promise it more often")


def _is_cadence(document: Document, number: int) -> bool:
    part = document.targets[number]
    in_a_status = part.when is not None and part.when.status is not None
    return part.metric is Metric.update and part.every is not None and not in_a_status


def _never_first(updates: Sequence[int], resolutions: Sequence[int], trials: Trials) -> int | None:
    """Return the cadence of requests whose resolution is always due before the first update."""
    found: int | None = None
    for at in trials.instants[::_STRIDE]:
        update, resolution = trials.first_due(updates, at), trials.first_due(resolutions, at)
        if update is None or resolution is None:
            continue
        if update.due <= resolution.due:
            return None
        found = update.candidate.number
    return found
