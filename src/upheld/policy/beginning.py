"""Put a clock under the targets that govern it."""

from upheld.policy.lane import Lane
from upheld.policy.parts import Start
from upheld.policy.path import Path
from upheld.policy.plan import Plans
from upheld.policy.run import Clock


def begin(path: Path, clock: Clock) -> Clock:
    """Put a new clock under the targets that govern when it starts."""
    policy, case = path.case_at(clock.start)
    plans = policy.governing.plans(clock.metric, case, clock.start)
    clock.governed_by(plans, lanes_of(plans, clock, clock.start))
    return clock


def lanes_of(plans: Plans, clock: Clock, counts_from: int) -> list[Lane]:
    """Return lanes for targets that count from an instant, with what the clock has used since then."""
    lanes = []
    for plan in plans:
        since = counts_from
        if plan.target.start is Start.acknowledged and clock.acknowledged is not None:
            since = max(since, clock.acknowledged)
        lane = plan.begin(clock.start, since)
        if lane is not None:
            if clock.ran:
                lane.count(clock.ran)
            lanes.append(lane)
    return lanes
