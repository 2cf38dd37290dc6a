"""What an agent may promise on a ticket, and on which hours they think."""

from upheld.clock import Calendar
from upheld.policy import Metric, Policy, Standing

DISCRETIONARY = "discretionary"


def may_be_promised(policy: Policy, standing: Standing) -> tuple[Metric, ...]:
    """Return the metrics whose time is left to the agent, where their clocks run in the present status."""
    status = policy.status(standing.status)
    left_to_agents = {each.metric for each in standing.unclocked if each.kind == DISCRETIONARY}
    return tuple(each for each in Metric if each in left_to_agents and each in status.clocks)


def working_calendar(policy: Policy, standing: Standing) -> Calendar:
    """Return the calendar on which the ticket's clocks count, else the one on which most of the policy's targets do."""
    used = [each.calendar for each in standing.clocks if each.calendar in policy.calendars]
    listed = [each.amount.calendar for each in policy.targets if each.amount.calendar in policy.calendars]
    listed = sorted(listed, key=listed.count, reverse=True)
    names = [*used, *listed, *policy.calendars]
    return policy.calendars[str(names[0])] if names else Calendar.always()
