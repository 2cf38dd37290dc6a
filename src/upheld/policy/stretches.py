"""When the clocks of a metric run and when they rest: statuses and pauses laid out on one line of time."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from upheld.policy.path import Path
from upheld.policy.standing import Metric
from upheld.policy.stay import Pause, Stay, Stretch


def stretches(path: Path, metric: Metric, at: int) -> list[Stretch]:
    """Return the stretches in which the clocks of a metric run or rest; neighbours that run are one."""
    if path.pauses:
        return _united(pieces(path, metric, at))
    runs = tuple([metric in stay.status.clocks for stay in path.stays])
    known = path.stretches.get(runs)
    if known is None:
        known = path.stretches[runs] = _of_stays(path.stays, runs, at)
    return known


def unbroken(path: Path, metric: Metric, begun: int, parts: Iterable[Stretch]) -> list[Stretch]:
    """Return the stretches with no rest where a target that no pause stops governs what began at `begun`."""
    return _united(_lifted(path, metric, begun, parts))


def _lifted(path: Path, metric: Metric, begun: int, parts: Iterable[Stretch]) -> Iterator[Stretch]:
    marks = [since for since, _, _ in path.cases[1:]]
    for part in parts:
        if part.rest is None or (isinstance(part.rest, Pause) and not part.rest.lifts):
            yield part
            continue
        edges = [part.start, *(mark for mark in marks if part.start < mark < part.end), part.end]
        for start, end in pairwise(edges):
            runs = _is_unbroken(path, metric, begun, start)
            yield Stretch(start, end, None if runs else part.rest, part.stay)


def _is_unbroken(path: Path, metric: Metric, begun: int, at: int) -> bool:
    policy, case = path.case_at(at)
    return any(plan.target.runs_while_paused for plan in policy.governing.plans(metric, case, begun))


def has_unbroken(path: Path) -> bool:
    """Whether there are targets that no pause stops."""
    return any(policy.governing.runs_while_paused for _, policy, _ in path.cases)


def pieces(
    path: Path, metric: Metric, at: int, *, but: Callable[[Pause], bool] | None = None
) -> Iterator[Stretch]:
    """Yield every stretch apart, as a ledger tells them: a new one for each status and each pause `but` some."""
    ends = [*(stay.start for stay in path.stays[1:]), at]
    pauses = [each for each in path.pauses if each.metrics is None or metric in each.metrics]
    if but is not None:
        pauses = [each for each in pauses if not but(each)]
    for stay, end in zip(path.stays, ends, strict=True):
        rest = None if metric in stay.status.clocks else stay
        yield from _cut(stay, end, rest, pauses)


def _cut(stay: Stay, end: int, rest: Stay | None, pauses: list[Pause]) -> Iterator[Stretch]:
    marks = {mark for each in pauses for mark in (each.start, each.end) if mark is not None}
    edges = [stay.start, *sorted(mark for mark in marks if stay.start < mark < end), end]
    if end in marks:
        # A stretch of no length tells where the clock stands at the end of the story.
        edges.append(end)
    for start, stop in pairwise(edges):
        lasting = [each for each in pauses if each.start <= start and (each.end is None or each.end > start)]
        # Of several reasons the one is told that nothing lifts.
        told = [each for each in lasting if not each.lifts] or lasting
        yield Stretch(start, stop, told[-1] if told else rest, stay)


def _of_stays(stays: list[Stay], runs: tuple[bool, ...], at: int) -> list[Stretch]:
    result: list[Stretch] = []
    begun, last = 0, len(stays) - 1
    for number, stay in enumerate(stays):
        if number < last and runs[number] and runs[number + 1]:
            continue
        end = stays[number + 1].start if number < last else at
        result.append(Stretch(stays[begun].start, end, None if runs[number] else stay, stay))
        begun = number + 1
    return result


def _united(parts: Iterable[Stretch]) -> list[Stretch]:
    result: list[Stretch] = []
    for part in parts:
        if result and result[-1].rest is None and part.rest is None:
            part = part._replace(start=result.pop().start)
        result.append(part)
    return result
