"""Targets that are joined: whether they contradict each other, and whether each of them ever decides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, pairwise

from upheld.policy.document import CONDITIONS, Document, TargetPart
from upheld.policy.lane import Lane
from upheld.policy.remarks import Remark
from upheld.policy.soundness.matrix import Matrix, metrics_of
from upheld.policy.soundness.targets import amounts_of
from upheld.policy.soundness.trials import Candidate, Trials

_MOST_TRIALS = 300_000
_ONE_YEAR = 366 * 86_400_000_000
# Pauses are tried at one instant in this many.
_PAUSED = 97

Pause = tuple[int, int]


def contradictions(document: Document) -> Iterator[Remark]:
    """Yield joined targets that promise two times for the same requests; a source often contradicts itself there."""
    amounts = [amounts_of(part) for part in document.targets]
    for number, part in enumerate(document.targets):
        for place in reversed(range(number if part.also else 0)):
            other = document.targets[place]
            if _same(part, other) and amounts[number] != amounts[place]:
                said = f"{other.id!r} and {part.id!r} promise two times for the same; the earlier due governs"
                remedy = "choose one, or accept both with the reason: `accept: {contradiction: ...}`"
                yield Remark("contradiction", ("targets", number), said, remedy)
                break


def idle_targets(document: Document, trials: Trials) -> Iterator[Remark]:
    """Yield targets of which another that is joined is always due earlier, as far as a year of requests shows.

    Clocks are paused, too, over closed hours and over open ones: elapsed time and working time then part ways.
    """
    combinations = [
        numbers
        for metric in metrics_of(document)
        for numbers in Matrix(document, metric, with_hours=False).combinations()
    ]
    joined = [numbers for numbers in combinations if _also(document, numbers)]
    alone = {number for numbers in combinations if not _also(document, numbers) for number in numbers}
    search = _Search(trials, alone)
    stride = 1 + len(trials.instants) * len({*chain(*joined)}) // _MOST_TRIALS
    for numbers in joined:
        search.look(numbers, trials.instants[::stride])
    for number in sorted(search.beaten.keys() - search.deciding):
        rivals = ", ".join(repr(document.targets[each].id) for each in sorted(search.beaten[number]))
        said = f"{document.targets[number].id!r} never decides: it is never due before {rivals}"
        remedy = "leave it out, or accept it with the reason: `accept: {never-decides: ...}`"
        yield Remark("never-decides", ("targets", number), said, remedy)


class _Search:
    """Which targets decide for some request, and which of them beat the others."""

    def __init__(self, trials: Trials, deciding: set[int]) -> None:
        self._trials = trials
        self.deciding = set(deciding)
        self.beaten: dict[int, set[int]] = {}

    def look(self, numbers: Sequence[int], instants: Sequence[int]) -> None:
        """Try requests that these targets fit until each of them that could has decided once."""
        wanted = {number for number in numbers if self._trials.candidates[number].has_clock}
        for at in instants:
            if wanted <= self.deciding:
                return
            self._decide({each.number: each.due(at) for each in self._governing(numbers, at)})
        for at in instants[::_PAUSED]:
            if wanted <= self.deciding:
                return
            lanes = {
                each.number: lane
                for each in self._governing(numbers, at)
                if (lane := each.lane(at)) is not None
            }
            for pause in self._pauses(lanes.values(), at):
                self._decide({number: _due(lane, at, pause) for number, lane in lanes.items()})

    def _governing(self, numbers: Sequence[int], at: int) -> list[Candidate]:
        return [self._trials.candidates[number] for number in self._trials.governing(numbers, at)]

    def _decide(self, dues: Mapping[int, int | None]) -> None:
        """Note which of the targets with a clock is due first, and that it beats the others."""
        told = [(due, place, number) for place, (number, due) in enumerate(dues.items()) if due is not None]
        if told:
            first = min(told)[-1]
            self.deciding.add(first)
            for _, _, number in told:
                if number not in self.deciding:
                    self.beaten.setdefault(number, set()).add(first)

    def _pauses(self, lanes: Iterable[Lane], at: int) -> Iterator[Pause]:
        """Yield the next closed and the next open stretch of each calendar that is counted on."""
        for name in {lane.target.amount.calendar for lane in lanes} - {None}:
            spans = self._trials.calendars[str(name)].timeline.spans(at, at + _ONE_YEAR)
            edges = [edge for span in islice(spans, 3) for edge in span]
            yield from pairwise([at, *(edge for edge in edges if edge > at)])


def _also(document: Document, numbers: Sequence[int]) -> bool:
    return any(document.targets[number].also for number in numbers[1:])


def _due(lane: Lane, at: int, pause: Pause) -> int:
    """Return when a clock is due that pauses once."""
    begins, ends = pause
    due = lane.due(at)
    if due <= begins:
        return due
    rest = lane.copy()
    rest.spend(lane.used_after(at, begins))
    return rest.due(ends)


def _same(part: TargetPart, other: TargetPart) -> bool:
    """Whether two targets tell requests apart by the same fields, share some, and count from the same instant."""
    if part.metric is not other.metric or part.start != other.start:
        return False
    mine, theirs = _asked(part), _asked(other)
    return mine.keys() == theirs.keys() and all(mine[name] & theirs[name] for name in mine)


def _asked(part: TargetPart) -> dict[str, set[str]]:
    if part.when is None:
        return {}
    asked = {name: set(getattr(part.when, name) or ()) for name in CONDITIONS}
    asked["received"] = {part.when.received} if part.when.received else set()
    return {name: values for name, values in asked.items() if values}
