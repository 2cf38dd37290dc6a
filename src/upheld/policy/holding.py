"""The clock of a request that is held at intake: it has no ticket yet, and so no story."""

from datetime import datetime

from upheld.clock import from_micros, to_micros
from upheld.policy.policy import Policy
from upheld.policy.terms import term


def decide_by(policy: Policy, received_at: datetime) -> datetime | None:
    """Return by when the desk decides about a request that it received then; None where the policy sets no time."""
    within = policy.hold.answer_within
    if within is None:
        return None
    how = term(within, policy.calendars)
    start = to_micros(received_at)
    budget, slack = how.budget(start)
    return from_micros(how.measure.add(start, budget + slack) - slack)
