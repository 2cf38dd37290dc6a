"""What a policy makes of a story at an instant."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from upheld.clock import from_micros, to_duration, to_micros
from upheld.policy.clocks import clocks_of
from upheld.policy.complaints import overdue
from upheld.policy.course import Course, Known, pauses_of
from upheld.policy.instants import micros_text
from upheld.policy.ladders import escalations
from upheld.policy.lane import Lane
from upheld.policy.parts import Status
from upheld.policy.path import Correction, InForce, Path
from upheld.policy.policy import Policy
from upheld.policy.run import Clock
from upheld.policy.standing import (
    ClockStanding,
    ClockState,
    Consequence,
    Metric,
    Standing,
    Unclocked,
    Verdict,
)
from upheld.policy.story import Event
from upheld.policy.walk import follow

_STATES = {Verdict.met: ClockState.met, Verdict.breached: ClockState.breached}
# A silence of a year must not make every look at the ticket a long list.
_INTERVALS_SHOWN = 3
_by_instant = attrgetter("at", "key")


def evaluate(policy: Policy, story: Sequence[Event], at: datetime) -> Standing:
    """Return the standing of the ticket at `at`; pure, total and deterministic.

    Facts later than `at`, consequences and facts of unknown kinds are not looked at. What falls due at `at`
    itself has happened, unless a fact at that very instant prevents it. Raises NaiveInstant for an instant
    without a zone.
    """
    return evaluate_under((InForce(policy),), story, at)


def evaluate_under(versions: Sequence[InForce], story: Sequence[Event], at: datetime) -> Standing:
    """Return the standing of a ticket that has lived under several versions of its policy; else as `evaluate`."""
    now = to_micros(at)
    path = follow(versions, story, now)
    return _stands(path, clocks_of(path, now), now)


def course_under(versions: Sequence[InForce], story: Sequence[Event], at: datetime) -> Course:
    """Return the standing of a ticket, and beside it what the figures of a desk are counted from."""
    now = to_micros(at)
    path = follow(versions, story, now)
    clocks = clocks_of(path, now)
    values = tuple([Known(from_micros(since), name, value) for since, name, value in path.told])
    return Course(_stands(path, clocks, now), tuple(pauses_of(path, clocks, now)), values)


def _stands(path: Path, clocks: list[Clock], now: int) -> Standing:
    corrected = _corrected(path, clocks)
    consequences = [*path.consequences, *(each for clock in clocks for each in _consequences(clock))]
    consequences += [_correction(each, clock) for each, clock in corrected]
    wake = _wake(clocks, path.next_step_at)
    if path.policy.ladders:
        taken, next_step = escalations(path, clocks, now)
        consequences += taken
        wake = min((each for each in (wake, next_step) if each is not None), default=None)
    if path.complaints:
        missed, next_reply = overdue(path.complaints, now)
        consequences += missed
        wake = min((each for each in (wake, next_reply) if each is not None), default=None)
    consequences.sort(key=_by_instant)
    status = path.stays[-1].status if path.stays else path.policy.status(path.policy.initial_status)
    due = _next_due(clocks, status)
    corrections = {(each.metric, each.cycle): each.verdict for each, _ in corrected}
    return Standing(
        at=from_micros(now),
        status=status.id,
        priority=path.priority or path.policy.default_priority,
        clocks=tuple([_standing(clock, now, corrections) for clock in shown(clocks)]),
        consequences=tuple(consequences),
        wake_at=None if wake is None else from_micros(wake),
        next_due_at=None if due is None else from_micros(due),
        unclocked=_unclocked(clocks),
        late_calls=tuple(path.late_calls),
    )


def shown(clocks: Sequence[Clock]) -> list[Clock]:
    """Return the clocks that a standing lists: those with a target that gives time, of a cadence the latest."""
    listed = [clock for clock in clocks if clock.lanes]
    if len(listed) <= _INTERVALS_SHOWN:
        return listed
    intervals = [clock for clock in listed if clock.metric is Metric.update]
    if len(intervals) <= _INTERVALS_SHOWN:
        return listed
    first = intervals[-_INTERVALS_SHOWN].cycle
    return [clock for clock in listed if clock.metric is not Metric.update or clock.cycle >= first]


def _next_due(clocks: list[Clock], status: Status) -> int | None:
    if status.is_done:
        return None
    waiting = [each for each in clocks if _waits(each) and each.rest_now is None]
    return min([each.due for each in waiting if each.due is not None], default=None)


def _waits(clock: Clock) -> bool:
    return clock.ended is None and clock.verdict in (None, Verdict.breached)


def _wake(clocks: list[Clock], next_step: int | None) -> int | None:
    instants = [] if next_step is None else [next_step]
    for clock in clocks:
        if clock.verdict is None and clock.lanes and clock.rest is None:
            instants += [each for each in (clock.warn, clock.due) if each is not None]
    return min(instants, default=None)


def _unclocked(clocks: Sequence[Clock]) -> tuple[Unclocked, ...]:
    """Return the targets of clocks under way that give no time, each once."""
    found: dict[tuple[Metric, str], Unclocked] = {}
    for clock in clocks:
        for plan in clock.plans if clock.ended is None else ():
            if plan.always_has_clock:
                continue
            amount = plan.term(clock.start).amount
            if not amount.has_clock:
                target = plan.target
                told = Unclocked(clock.metric, target.id, target.label, amount.kind.value)
                found[clock.metric, target.id] = told
    return tuple(found.values())


def _standing(clock: Clock, now: int, corrections: dict[tuple[str, int], Verdict]) -> ClockStanding:
    lane, rest, verdict = clock.lanes[0], clock.rest_now, clock.verdict
    due = None if rest is not None or clock.due is None else from_micros(clock.due)
    verdict_at = None if verdict is None else from_micros(clock.verdict_at)
    return ClockStanding(
        metric=clock.metric,
        cycle=clock.cycle,
        target=lane.target.id,
        target_label=lane.target.label,
        calendar=lane.target.amount.calendar,
        state=_state(clock, lane, now),
        started_at=from_micros(lane.counts_from),
        budget=to_duration(lane.budget),
        used=to_duration(lane.used),
        due_at=due,
        warn_at=_warn_at(clock),
        verdict=verdict,
        verdict_at=verdict_at,
        satisfied_at=_satisfied_at(clock, verdict_at),
        paused_since=None if rest is None else from_micros(max(rest.since, clock.start)),
        pause_reason=None if rest is None else rest.reason,
        paused_by=None if rest is None or rest.author is None else rest.author.value,
        correction=corrections.get((clock.metric, clock.cycle)) if corrections else None,
    )


def _satisfied_at(clock: Clock, verdict_at: datetime | None) -> datetime | None:
    if clock.satisfied is None or clock.satisfied == clock.verdict_at:
        return None if clock.satisfied is None else verdict_at
    return from_micros(clock.satisfied)


def _warn_at(clock: Clock) -> datetime | None:
    if clock.verdict is not None or clock.rest is not None:
        return None
    warn = clock.warned.at if clock.warn is None and clock.warned is not None else clock.warn
    return None if warn is None else from_micros(warn)


def _state(clock: Clock, lane: Lane, now: int) -> ClockState:
    if clock.verdict is not None:
        return _STATES.get(clock.verdict, ClockState.ended)
    if clock.rest is not None:
        return ClockState.paused
    runs = now >= lane.counts_from and lane.measure.is_open(now)
    return ClockState.running if runs else ClockState.closed_hours


def _consequences(clock: Clock) -> Iterator[Consequence]:
    if clock.warned is not None:
        at, lane, due = clock.warned
        percent = lane.budget and 100 * (lane.warn_after or 0) // lane.budget
        mark, name = ("warning", lane.target.warn_percent) if clock.warned.is_warning else ("aim", "aim")
        data = _about(clock, lane, due) | {"percent": lane.target.warn_percent or percent, "mark": mark}
        key = f"warned:{clock.metric}:{clock.cycle}:{name}"
        yield Consequence(key, from_micros(at), "warned", data)
    if clock.verdict is not None and clock.lanes:
        verdict = str(clock.verdict)
        data = _about(clock, clock.lanes[0], clock.due)
        data["verdict"], data["cause"] = verdict, clock.cause
        if clock.silence is not None:
            data["silence_since"] = micros_text(clock.silence.since)
            data["missed"] = clock.silence.missed
        key = f"{verdict}:{clock.metric}:{clock.cycle}"
        yield Consequence(key, from_micros(clock.verdict_at), "verdict", data)


def _about(clock: Clock, lane: Lane, due: int | None) -> dict[str, Any]:
    due_at = None if due is None else micros_text(due)
    return {"metric": str(clock.metric), "cycle": clock.cycle, "target": lane.target.id, "due_at": due_at}


def _corrected(path: Path, clocks: Sequence[Clock]) -> list[tuple[Correction, Clock]]:
    """Return the corrections of verdicts that had been given, with their clocks."""
    if not path.corrections:
        return []
    judged = {(clock.metric.value, clock.cycle): clock for clock in clocks if clock.verdict is not None}
    found = [(each, judged.get((each.metric, each.cycle))) for each in path.corrections]
    return [(each, clock) for each, clock in found if clock is not None and clock.verdict_at <= each.at]


def _correction(correction: Correction, clock: Clock) -> Consequence:
    data = {
        "metric": correction.metric,
        "cycle": correction.cycle,
        "verdict": correction.verdict.value,
        "was": clock.verdict.value if clock.verdict is not None else None,
        "cause": "agent",
        "reason": correction.reason,
    }
    return Consequence(f"correction:{correction.seq}", from_micros(correction.at), "correction", data)
