"""Clocks that came from a ticket that was merged into this one."""

from upheld.policy.amounts import Amount, AmountKind
from upheld.policy.changes import Taken
from upheld.policy.lane import Lane
from upheld.policy.measure import ELAPSED, Measure
from upheld.policy.parts import Condition, Target
from upheld.policy.policy import Policy
from upheld.policy.standing import Metric


def lane_of(policy: Policy, taken: Taken, at: int, source: str) -> Lane:
    """Return a clock that was taken over at an instant as a lane: it keeps its original due instant.

    On a calendar that this policy does not know, what is left becomes elapsed time.
    """
    calendar = policy.calendars.get(taken.calendar) if taken.calendar is not None else None
    measure: Measure = ELAPSED if calendar is None else calendar.timeline
    budget, used, slack = taken.budget, min(taken.used, taken.budget), 0
    if taken.due is not None:
        if taken.calendar is not None and calendar is None:
            budget = used + max(0, taken.due - at)
        slack = 0 if measure.add(at, budget - used) == taken.due else 1
    name = None if calendar is None else taken.calendar
    target = Target(
        id=taken.target,
        metric=Metric(taken.metric),
        label=taken.label,
        clause=f"{taken.label} (from {source}).",
        condition=Condition(),
        amount=Amount(AmountKind.working if name else AmountKind.elapsed, calendar=name, text=taken.label),
        warn_percent=None,
        assumed=False,
    )
    return Lane(target, measure, taken.started_at, budget, slack, None, 0, used, used, at, 0, source)
