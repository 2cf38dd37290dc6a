"""What a new version of the policy does to the clocks of a ticket that are under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.clock import to_micros
from upheld.policy.changes import Mode
from upheld.policy.clocks import clocks_of
from upheld.policy.evaluation import evaluate_under
from upheld.policy.path import InForce
from upheld.policy.policy import Policy
from upheld.policy.reclassifying import carries
from upheld.policy.standing import ClockStanding, Metric, Standing, Verdict
from upheld.policy.story import Event
from upheld.policy.walk import follow


@dataclass(frozen=True, slots=True)
class Moved:
    """One clock without a verdict, before and after a publication. `stays` says why it stayed as it was, if it did."""

    metric: Metric
    cycle: int
    target: str
    new_target: str | None
    due_at: datetime | None
    new_due_at: datetime | None
    new_verdict: Verdict | None
    stays: str = ""


def published(old: Policy, new: Policy, at: datetime, mode: Mode) -> tuple[InForce, ...]:
    """Return the versions under which a ticket lives when `new` is published at an instant: see `evaluate_under`."""
    return (InForce(old), InForce(new, at, mode))


def preview(old: Policy, new: Policy, story: Sequence[Event], at: datetime, mode: Mode) -> tuple[Moved, ...]:
    """Return what publishing at an instant would do to every clock of a ticket that has no verdict then."""
    before = evaluate_under((InForce(old),), story, at)
    after = evaluate_under(published(old, new, at, mode), story, at)
    return tuple(
        _moved(clock, after, _why_it_stays(old, new, story, at, clock) if mode is Mode.carry else "")
        for clock in before.clocks
        if clock.verdict is None
    )


def _moved(clock: ClockStanding, after: Standing, stays: str) -> Moved:
    same = (clock.metric, clock.cycle)
    now = next((each for each in after.clocks if (each.metric, each.cycle) == same), None)
    return Moved(
        clock.metric,
        clock.cycle,
        clock.target,
        None if now is None else now.target,
        clock.due_at,
        None if now is None else now.due_at,
        None if now is None else now.verdict,
        stays,
    )


def _why_it_stays(
    old: Policy, new: Policy, story: Sequence[Event], at: datetime, standing: ClockStanding
) -> str:
    """Say why used time cannot be carried over to the new version."""
    now = to_micros(at)
    path = follow((InForce(old),), story, now)
    same = (standing.metric, standing.cycle)
    clock = next(each for each in clocks_of(path, now) if (each.metric, each.cycle) == same)
    plans = new.governing.plans(clock.metric, new.governing.case(path.values), clock.start)
    lanes = [lane for plan in plans if (lane := plan.begin(clock.start, clock.start)) is not None]
    return "" if carries(clock.lanes, lanes) else "the new version counts it in another unit"
