"""Which steps of its ladders a ticket has come to, and when it comes to the next.

Instants and durations are integers of microseconds.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from upheld.clock import from_micros
from upheld.policy.instants import micros_text
from upheld.policy.ladder_plan import LadderPlan
from upheld.policy.obligations import Obligation, first_responses, next_replies, resolution
from upheld.policy.path import Path
from upheld.policy.run import Clock
from upheld.policy.standing import Consequence, Metric, Verdict
from upheld.policy.stretches import stretches
from upheld.policy.terms import Term

_OBLIGATIONS: dict[Metric, Callable[[Path], list[Obligation]]] = {
    Metric.first_response: first_responses,
    Metric.next_reply: next_replies,
    Metric.resolution: resolution,
}
_NEVER = 1 << 62

Span = tuple[int, int]


class Run(NamedTuple):
    """One way up a ladder: the spans [start, end) in which something was owed; the last may be open until `_NEVER`."""

    key: str
    owed: list[Span]

    @property
    def start(self) -> int:
        """When it was first owed."""
        return self.owed[0][0]


def escalations(path: Path, clocks: Sequence[Clock], at: int) -> tuple[list[Consequence], int | None]:
    """Return the steps taken up to and including `at`, and the instant of the next one that comes by itself."""
    taken: list[Consequence] = []
    ahead: list[int] = []
    for plan in path.policy.ladder_plans.values() if path.received is not None else ():
        for run in _runs(path, plan.ladder.until):
            since, held = _begins(path, plan, run, clocks), _held(path, plan, run.start)
            if since is None or not held:
                continue
            since = max(since, held[0][0])
            for number, due in enumerate(_dues(path, plan, run, since, at)):
                instant = _while_held(due, held, run)
                if instant is None:
                    continue
                if instant > at:
                    ahead.append(instant)
                else:
                    taken.append(_step(plan, run, number, instant, since))
    return taken, min(ahead, default=None)


class Settled(NamedTuple):
    """Nothing calls for a step any more since `at`: with `is_answered` what it waits for was given, else its ladder
    does not hold for the ticket any longer."""

    at: int
    is_answered: bool


def settled(path: Path, at: int) -> dict[str, Settled | None]:
    """Return, by the key of every step of the ladders, since when nothing calls for it any more, as it is at `at`; None
    while something does."""
    found: dict[str, Settled | None] = {}
    for plan in path.policy.ladder_plans.values() if path.received is not None else ():
        for run in _runs(path, plan.ladder.until):
            ends = [
                Settled(min(end, over), over <= end)
                for start, end in _held(path, plan, run.start)
                for begun, over in run.owed
                if max(start, begun) < min(end, over)
            ]
            last = max(ends, default=Settled(run.start, is_answered=False))
            for number in range(len(plan.ladder.steps)):
                found[_key(plan, run, number)] = last if last.at <= at else None
    return found


class Coming(NamedTuple):
    """A step of a ladder that is still to come if all goes on as it does now.

    `at` is empty while the ladder stands still. With `if_missed` it comes only if the due instant passes from which
    the ladder counts.
    """

    ladder: str
    step: int
    at: int | None
    if_missed: bool


def coming(path: Path, clocks: Sequence[Clock], at: int) -> list[Coming]:
    """Return the steps after `at` of the ladders that hold for the ticket now, each with its instant."""
    found: list[Coming] = []
    for plan in path.policy.ladder_plans.values() if path.received is not None else ():
        for run in _runs(path, plan.ladder.until):
            found += _coming(path, plan, run, clocks, at)
    return found


def _coming(path: Path, plan: LadderPlan, run: Run, clocks: Sequence[Clock], at: int) -> Iterator[Coming]:
    held = _held(path, plan, run.start)
    if not held or held[-1][1] < _NEVER or run.owed[-1][1] < _NEVER:
        return
    since, if_missed = _begins(path, plan, run, clocks), False
    if since is None:
        since, if_missed = _will_be_due(plan, run, clocks), True
    if since is None:
        if _may_be_due(plan, clocks):
            yield from (Coming(plan.ladder.id, each, None, True) for each in range(1, len(plan.terms) + 1))
        return
    since = max(since, held[0][0])
    for number, due in enumerate(_dues(path, plan, run, since, at), start=1):
        instant = _while_held(due, held, run)
        if instant is None or instant > at:
            yield Coming(plan.ladder.id, number, instant, if_missed)


def _will_be_due(plan: LadderPlan, run: Run, clocks: Sequence[Clock]) -> int | None:
    """Return when the clock that is under way will be due; None while it stands still, or where there is none."""
    dues = [clock.due for clock in _under_way(plan, clocks) if clock.rest_now is None]
    return min((due for due in dues if due is not None and due >= run.start), default=None)


def _may_be_due(plan: LadderPlan, clocks: Sequence[Clock]) -> bool:
    return any(clock.lanes for clock in _under_way(plan, clocks))


def _under_way(plan: LadderPlan, clocks: Sequence[Clock]) -> list[Clock]:
    return [each for each in clocks if each.metric is plan.ladder.until and each.verdict is None]


class Piece(NamedTuple):
    """Time [start, end) in which a ladder counts; `is_answered` where its end is the answer."""

    start: int
    end: int
    is_answered: bool


def _runs(path: Path, metric: Metric) -> Iterator[Run]:
    """Yield the ways up: one an obligation, or one a reopening where the policy restarts clocks."""
    for number, obligation in enumerate(_OBLIGATIONS[metric](path), start=1):
        owed: list[Span] = []
        since: int | None = obligation.start
        for finish in obligation.finishes:
            if since is not None:
                owed.append((since, finish.at))
            since = finish.reopened
        if since is not None:
            owed.append((since, _NEVER))
        for again, spans in enumerate(_together(path, owed), start=1):
            yield Run(f"{metric}:{number}:{again}", spans)


def _together(path: Path, owed: list[Span]) -> list[list[Span]]:
    """Return the spans that are one way up: a reopening begins another where the policy then restarts clocks."""
    ways: list[list[Span]] = []
    for span in owed:
        if ways and not path.case_at(span[0])[0].restarts_when_reopened:
            ways[-1].append(span)
        else:
            ways.append([span])
    return ways


def _begins(path: Path, plan: LadderPlan, run: Run, clocks: Sequence[Clock]) -> int | None:
    """Return the instant from which the steps count; None while nothing that they count from has happened."""
    if not plan.ladder.from_due:
        return run.start
    breaches = [
        clock.verdict_at
        for clock in clocks
        if clock.metric is plan.ladder.until and clock.verdict is Verdict.breached
    ]
    return min((at for at in breaches if run.start <= at <= run.owed[-1][1]), default=None)


def _held(path: Path, plan: LadderPlan, start: int) -> list[Span]:
    """Return the spans of time in which the ladder's condition held."""
    ends = [since for since, _, _ in path.cases[1:]]
    held: list[Span] = []
    for (since, policy, case), end in zip(path.cases, [*ends, _NEVER], strict=True):
        known = policy.ladder_plans.get(plan.ladder.id)
        values = dict(zip(policy.governing.fields, case, strict=True))
        if known is not None and known.applies(values, start) and since < end:
            joins = held and held[-1][1] == since
            held[-1:] = [(held[-1][0], end)] if joins else [*held[-1:], (since, end)]
    return held


def _dues(path: Path, plan: LadderPlan, run: Run, since: int, at: int) -> Iterator[int]:
    """Yield when each step comes: the instants of the past as they were, the others if all goes on as it does now."""
    pieces = list(_pieces(path, plan.ladder.until, run, since, at))
    for each in plan.terms:
        yield _due(each, since, pieces)


def _pieces(path: Path, metric: Metric, run: Run, since: int, at: int) -> Iterator[Piece]:
    line = stretches(path, metric, at)
    rests = line[-1].rest is not None
    for piece in line:
        if piece.rest is not None:
            continue
        end = piece.end if rests or piece.end < at else _NEVER
        for begun, over in run.owed:
            start, stop = max(piece.start, begun, since), min(end, over)
            if start < stop:
                yield Piece(start, stop, is_answered=stop == over)


def _due(term: Term, since: int, pieces: Sequence[Piece]) -> int:
    budget, slack = term.budget(since)
    for start, end, is_answered in pieces:
        due = term.measure.add(start, budget + slack) - slack
        if due < end or (due == end and not is_answered):
            return due
        budget = max(0, budget - term.measure.between(start, end))
    return _NEVER


def _while_held(due: int, held: Sequence[Span], run: Run) -> int | None:
    """Return the first instant from `due` on at which the condition holds and something is still owed."""
    found = [
        instant
        for start, end in held
        for begun, over in run.owed
        if (instant := max(due, start, begun)) < min(end, over)
    ]
    return min(found, default=None)


def _step(plan: LadderPlan, run: Run, number: int, at: int, since: int) -> Consequence:
    ladder, step = plan.ladder, plan.ladder.steps[number]
    data = {
        "ladder": ladder.id,
        "step": number + 1,
        "tell": list(step.tell),
        "page": step.page,
        "binding": step.binding,
        "metric": ladder.until.value,
        "counts_from": micros_text(since),
    }
    return Consequence(_key(plan, run, number), from_micros(at), "escalated", data)


def _key(plan: LadderPlan, run: Run, number: int) -> str:
    return f"escalated:{plan.ladder.id}:{number + 1}:{run.key}"
