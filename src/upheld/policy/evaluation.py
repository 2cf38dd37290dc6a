"""What a policy makes of a story at an instant."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from upheld.clock import from_micros, to_duration, to_micros
from upheld.policy.clocks import clocks_of
from upheld.policy.instants import micros_text
from upheld.policy.parts import Status
from upheld.policy.path import follow
from upheld.policy.plan import Plan
from upheld.policy.policy import Policy
from upheld.policy.run import Clock
from upheld.policy.standing import ClockStanding, ClockState, Consequence, Standing, Verdict
from upheld.policy.story import Event

_STATES = {Verdict.met: ClockState.met, Verdict.breached: ClockState.breached}


def evaluate(policy: Policy, story: Sequence[Event], at: datetime) -> Standing:
    """Return the standing of the ticket at `at`; pure, total and deterministic.

    Facts later than `at`, consequences and facts of unknown kinds are not looked at. What falls due at `at`
    itself has happened, unless a fact at that very instant prevents it. Raises NaiveInstant for an instant
    without a zone.
    """
    now = to_micros(at)
    path = follow(policy, story, now)
    clocks = clocks_of(path, now)
    consequences = [*path.consequences, *(each for clock in clocks for each in _consequences(clock))]
    consequences.sort(key=lambda each: (each.at, each.key))
    status = path.stays[-1].status if path.stays else policy.status(policy.initial_status)
    due = _next_due(clocks, status)
    wake = _wake(clocks, path.next_step_at)
    return Standing(
        at=from_micros(now),
        status=status.id,
        priority=path.priority or policy.default_priority,
        clocks=tuple(_standing(clock, clock.plan, now) for clock in clocks if clock.plan is not None),
        consequences=tuple(consequences),
        wake_at=None if wake is None else from_micros(wake),
        next_due_at=None if due is None else from_micros(due),
    )


def _next_due(clocks: list[Clock], status: Status) -> int | None:
    if status.is_done:
        return None
    waiting = (each for each in clocks if each.satisfied is None and each.verdict in (None, Verdict.breached))
    return min((each.due for each in waiting if each.due is not None and not _rests(each)), default=None)


def _wake(clocks: list[Clock], next_step: int | None) -> int | None:
    instants = [] if next_step is None else [next_step]
    for clock in clocks:
        if clock.verdict is None and clock.plan is not None and not _rests(clock):
            instants += [each for each in (clock.warn, clock.due) if each is not None]
    return min(instants, default=None)


def _rests(clock: Clock) -> bool:
    return clock.verdict is None and clock.resting is not None


def _standing(clock: Clock, plan: Plan, now: int) -> ClockStanding:
    rests = _rests(clock)
    stay = clock.resting if rests else None
    due = None if rests or clock.due is None else from_micros(clock.due)
    warn = clock.warned.at if clock.warn is None and clock.warned is not None else clock.warn
    if rests or clock.verdict is not None:
        warn = None
    return ClockStanding(
        metric=clock.metric,
        cycle=clock.cycle,
        target=plan.target.id,
        target_label=plan.target.label,
        calendar=plan.target.amount.calendar,
        state=_state(clock, plan, now),
        started_at=from_micros(clock.counts_from),
        budget=to_duration(plan.budget),
        used=to_duration(clock.used),
        due_at=due,
        warn_at=None if warn is None else from_micros(warn),
        verdict=clock.verdict,
        verdict_at=None if clock.verdict is None else from_micros(clock.verdict_at),
        satisfied_at=None if clock.satisfied is None else from_micros(clock.satisfied),
        paused_since=None if stay is None else from_micros(max(stay.start, clock.start)),
        pause_reason=None if stay is None else stay.reason or stay.status.public_label,
    )


def _state(clock: Clock, plan: Plan, now: int) -> ClockState:
    if clock.verdict is not None:
        return _STATES.get(clock.verdict, ClockState.ended)
    if clock.resting is not None:
        return ClockState.paused
    return ClockState.running if plan.measure.is_open(now) else ClockState.closed_hours


def _consequences(clock: Clock) -> Iterator[Consequence]:
    if clock.warned is not None:
        at, plan, due = clock.warned
        percent = plan.target.warn_percent
        data = _about(clock, plan, due) | {"percent": percent}
        key = f"warned:{clock.metric}:{clock.cycle}:{percent}"
        yield Consequence(key, from_micros(at), "warned", data)
    if clock.verdict is not None and clock.plan is not None:
        data = _about(clock, clock.plan, clock.due) | {"verdict": clock.verdict.value, "cause": clock.cause}
        key = f"{clock.verdict}:{clock.metric}:{clock.cycle}"
        yield Consequence(key, from_micros(clock.verdict_at), "verdict", data)


def _about(clock: Clock, plan: Plan, due: int | None) -> dict[str, Any]:
    due_at = None if due is None else micros_text(due)
    return {"metric": clock.metric.value, "cycle": clock.cycle, "target": plan.target.id, "due_at": due_at}
