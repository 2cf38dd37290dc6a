"""Put a clock under the targets that govern it."""

from upheld.policy.changes import Kind, Promise
from upheld.policy.lane import Lane
from upheld.policy.measure import ELAPSED
from upheld.policy.parts import Start
from upheld.policy.path import Path
from upheld.policy.plan import Plans
from upheld.policy.run import Clock, changes_between


def begin(path: Path, clock: Clock) -> Clock:
    """Put a new clock under the targets that govern when it starts."""
    policy, case = path.case_at(clock.start)
    plans = policy.governing.plans(clock.metric, case, clock.start)
    clock.governed_by(plans, lanes_of(plans, clock, clock.start))
    for change in (
        changes_between(path.changes, clock.start, clock.start, inclusive=True) if path.changes else ()
    ):
        if change.kind is Kind.acknowledged:
            clock.acknowledged = clock.start
        elif change.kind is Kind.promised:
            promise(clock, change.detail)
    return clock


def promise(clock: Clock, promised: Promise) -> None:
    """Put a clock under a time that an agent promised, where its target leaves it to them."""
    discretionary = [plan for plan in clock.plans if plan.term(clock.start).amount.kind == "discretionary"]
    if promised.metric != clock.metric or not discretionary:
        return
    lane = Lane(discretionary[0].target, ELAPSED, promised.at, promised.due - promised.at, 0, None)
    percent = lane.target.warn_percent
    lane.warn_after = None if percent is None else lane.budget * percent // 100
    kept = [each for each in clock.lanes if each.target is not lane.target]
    clock.governed_by(clock.plans, [*kept, lane])


def lanes_of(plans: Plans, clock: Clock, counts_from: int, *, goes_on: bool = False) -> list[Lane]:
    """Return lanes for targets that count from an instant, with what the clock has used since then.

    For `goes_on` see `Term.budget`.
    """
    lanes = []
    for plan in plans:
        since = counts_from
        if plan.target.start is Start.acknowledged and clock.acknowledged is not None:
            since = max(since, clock.acknowledged)
        lane = plan.begin(clock.start, since, goes_on=goes_on or (clock.goes_on and since == clock.start))
        if lane is not None:
            if clock.ran:
                lane.count(clock.ran)
            lanes.append(lane)
    return lanes
