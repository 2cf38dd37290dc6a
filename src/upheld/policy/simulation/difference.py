"""In what two policies differ about one story."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from upheld.clock import duration_micros
from upheld.policy.simulation.figures import OPEN, sort_of
from upheld.policy.simulation.past import Renames
from upheld.policy.standing import ClockStanding, Metric, Standing, Verdict

NONE = "no clock"
_BREACHED = Verdict.breached.value
_Clocks = Mapping[tuple[Metric, int], ClockStanding]


@dataclass(frozen=True, slots=True)
class ClockDifference:
    """A clock in one cycle that ends, or is due, otherwise; None where a policy has no such clock.

    Of a cadence only the latest interval of each policy is compared so: intervals of other lengths have nothing
    else in common.
    """

    metric: Metric
    cycle: int
    policy: ClockStanding | None
    against: ClockStanding | None

    @property
    def outcomes(self) -> tuple[str, str]:
        """How it ended under the policy, and under the one that it is compared with."""
        return _outcome(self.policy), _outcome(self.against)

    @property
    def shift(self) -> int:
        """By how many microseconds it is due later than under the other policy; earlier, when negative."""
        if self.policy is None or self.against is None:
            return 0
        if self.policy.due_at is not None and self.against.due_at is not None:
            return duration_micros(self.policy.due_at - self.against.due_at)
        return duration_micros(_left(self.policy) - _left(self.against))


@dataclass(frozen=True, slots=True)
class CountDifference:
    """Consequences of one kind that are more or fewer, or as many but at other times or to others: see `Figures`.

    The judged intervals of a cadence are of the kind "update", and what tells them apart is their verdict.
    """

    kind: str
    detail: str
    policy: int
    against: int


@dataclass(frozen=True, slots=True)
class Difference:
    """All in which two policies differ about one story. `status` and `priority` are pairs where those differ."""

    clocks: tuple[ClockDifference, ...]
    counts: tuple[CountDifference, ...]
    status: tuple[str, str] | None
    priority: tuple[str, str] | None

    @property
    def size(self) -> tuple[int, int, int]:
        """How large it is: a breach more or less weighs most, then another verdict, then the time between the dues."""
        shift = max((abs(each.shift) for each in self.clocks), default=0)
        more = sum(abs(each.policy - each.against) for each in self.counts)
        return self._weight, shift, more

    @property
    def _weight(self) -> int:
        outcomes = [each.outcomes for each in self.clocks]
        missed = any((each.kind, each.detail) == (_CADENCE, _BREACHED) for each in self._more_or_fewer())
        if missed or any((ours == _BREACHED) != (theirs == _BREACHED) for ours, theirs in outcomes):
            return 3
        if any(ours != theirs for ours, theirs in outcomes):
            return 2
        return 1 if outcomes else 0

    def _more_or_fewer(self) -> Iterator[CountDifference]:
        return (each for each in self.counts if each.policy != each.against)


_CADENCE = Metric.update.value


def compare(policy: Standing, against: Standing, renames: Renames) -> Difference | None:
    """Return in what two standings of one story differ; None where they do not.

    `renames` says what the former calls the priorities and statuses of the latter. The ids of targets do not matter.
    """
    clocks = tuple(_clocks(_by_cycle(policy), _by_cycle(against)))
    counts = tuple(_counts(policy, against))
    status = _pair(policy.status, renames.statuses.get(against.status, against.status))
    priority = _pair(policy.priority, renames.priorities.get(against.priority, against.priority))
    if clocks or counts or status is not None or priority is not None:
        return Difference(clocks, counts, status, priority)
    return None


def _pair(policy: str, against: str) -> tuple[str, str] | None:
    return None if policy == against else (policy, against)


def _by_cycle(standing: Standing) -> _Clocks:
    """Return the clocks by metric and cycle; of a cadence the latest interval, as cycle 0."""
    found: dict[tuple[Metric, int], ClockStanding] = {}
    for clock in standing.clocks:
        found[clock.metric, 0 if clock.metric is Metric.update else clock.cycle] = clock
    return found


def _clocks(policy: _Clocks, against: _Clocks) -> Iterator[ClockDifference]:
    for key in sorted(policy.keys() | against.keys()):
        metric, cycle = key
        ours, theirs = policy.get(key), against.get(key)
        if ours is None or theirs is None or _matters(ours) != _matters(theirs):
            yield ClockDifference(metric, cycle, ours, theirs)


def _matters(clock: ClockStanding) -> object:
    """What of a clock is compared: how it ended and when it is due; what is left, while it stands still."""
    if clock.due_at is None and clock.verdict is None:
        return clock.calendar, _left(clock)
    return clock.verdict, clock.verdict_at, clock.due_at


def _left(clock: ClockStanding) -> timedelta:
    return clock.budget - clock.used


def _outcome(clock: ClockStanding | None) -> str:
    if clock is None:
        return NONE
    return OPEN if clock.verdict is None else clock.verdict.value


def _counts(policy: Standing, against: Standing) -> Iterator[CountDifference]:
    ours, theirs = _told(policy), _told(against)
    for kind, detail in sorted(ours.keys() | theirs.keys()):
        here, there = ours.get((kind, detail), []), theirs.get((kind, detail), [])
        if here != there:
            yield CountDifference(kind, detail, len(here), len(there))


def _told(standing: Standing) -> dict[tuple[str, str], list[tuple[datetime, object]]]:
    """Return by sort when each consequence came, and whom it told by their roles.

    Verdicts are looked at of a cadence only; the others are compared as clocks.
    """
    found: defaultdict[tuple[str, str], list[tuple[datetime, object]]] = defaultdict(list)
    for consequence in standing.consequences:
        data, at = consequence.data, consequence.at
        if consequence.kind != "verdict":
            found[sort_of(consequence)].append((at, data.get("tell")))
        elif data["metric"] == _CADENCE:
            found[_CADENCE, str(data["verdict"])].append((at, None))
    return found
