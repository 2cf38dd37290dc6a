"""Which clocks a ticket has, in which cycles: every metric has its own beginnings and ends."""

from collections.abc import Iterable, Sequence
from itertools import count

from upheld.policy.beginning import begin
from upheld.policy.cadence import cadence
from upheld.policy.living import live, rest_until
from upheld.policy.obligations import Obligation, first_responses, next_replies, resolution
from upheld.policy.path import Path
from upheld.policy.run import Clock
from upheld.policy.standing import Metric, Verdict
from upheld.policy.stay import Stretch
from upheld.policy.stretches import stretches


def clocks_of(path: Path, at: int) -> list[Clock]:
    """Return every clock in every cycle, lived up to `at`; those that no target governs are left out."""
    if path.received is None:
        return []
    wanted = path.metrics
    clocks: list[Clock] = []
    if Metric.first_response in wanted:
        clocks += _run(path, Metric.first_response, first_responses(path), at)
    if Metric.next_reply in wanted:
        clocks += _run(path, Metric.next_reply, next_replies(path), at)
    if Metric.update in wanted:
        clocks += cadence(path, at)
    if Metric.resolution in wanted:
        clocks += _run(path, Metric.resolution, resolution(path), at)
    return [clock for clock in clocks if clock.lanes or clock.warned is not None or _is_open(clock)]


def _is_open(clock: Clock) -> bool:
    return bool(clock.plans) and clock.ended is None


def _run(path: Path, metric: Metric, obligations: Iterable[Obligation], at: int) -> list[Clock]:
    line = stretches(path, metric, at)
    numbers = count(1)
    clocks: list[Clock] = []
    for obligation in obligations:
        clocks += _cycles(path, metric, obligation, line, numbers, at)
    return clocks


def _cycles(
    path: Path,
    metric: Metric,
    obligation: Obligation,
    line: Sequence[Stretch],
    numbers: "count[int]",
    at: int,
) -> list[Clock]:
    """Live one obligation through its finishes.

    After a breach the clock goes on in the same cycle until the answer comes: there is no second verdict. After
    any other verdict a reopening begins the next cycle, in which the clock goes on where it stopped. Where the
    policy restarts clocks, every reopening begins a next cycle with the whole time.
    """
    start, finishes = obligation.start, obligation.finishes
    clock = _first(path, Clock(metric, next(numbers), start, start), obligation)
    clocks, since = [clock], start
    for number, finish in enumerate(finishes):
        live(path, clock, line, since, finish, at)
        breached = clock.verdict is Verdict.breached
        reopened = finish.reopened
        if reopened is None:
            if breached and number + 1 < len(finishes):
                since = finish.at
                continue
            return clocks
        if path.case_at(reopened)[0].restarts_when_reopened:
            clock = begin(path, Clock(metric, next(numbers), reopened, reopened))
            clocks.append(clock)
        elif breached:
            clock.go_on()
        else:
            clock = clock.next_cycle(next(numbers), reopened)
            clocks.append(clock)
            rest_until(path, clock, finish.at, reopened)
        since = reopened
    live(path, clock, line, since, None, at)
    return clocks


def _first(path: Path, clock: Clock, obligation: Obligation) -> Clock:
    if obligation.absorbed is None:
        return begin(path, clock)
    clock.lanes, clock.has_absorbed = obligation.absorbed, True
    return clock
