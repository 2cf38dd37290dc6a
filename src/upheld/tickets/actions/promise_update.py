"""Promise a time where the policy leaves it to the agent."""

from datetime import datetime, timedelta

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor, Metric
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.letters import current_clock
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.promising import may_be_promised

LONGEST_AHEAD = timedelta(days=366)


@transaction.atomic
def promise_update(
    ticket_id: int, agent: Agent, due_at: datetime, moment: Moment, *, metric: Metric = Metric.update
) -> Ticket:
    """Promise by when the customer hears again, or whatever else the policy leaves to the agent. From then on it is a
    clock like every other. A second promise takes the place of the first while that is not broken; none is taken back.

    Raises NotAllowed, or Refused where nothing may be promised now, or not for that time.
    """
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.promise_update, pen.ticket)
    if metric not in may_be_promised(pen.policy, pen.standing()):
        raise Refused(
            "Nothing is left to promise here: the policy gives this its own time, or its clock stands."
        )
    if due_at <= moment.at:
        raise Refused("That time is over. Choose one that lies ahead.")
    if due_at > moment.at + LONGEST_AHEAD:
        raise Refused("Nobody can promise what is more than a year away. Choose an earlier time.")
    pen.fact("promised", Actor.agent, agent=agent, metric=metric.value, due_at=due_at.isoformat())
    clock = current_clock(pen.standing(), metric)
    if clock is None or clock.due_at != due_at:
        raise Refused("Its clock stands still now, so no time can be promised. Let the clocks go on first.")
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return pen.ticket
