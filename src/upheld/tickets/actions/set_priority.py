"""Set a ticket's priority."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import information
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.problems import is_problem
from upheld.tickets.restricting import Because, restrict


@transaction.atomic
def set_priority(
    ticket_id: int,
    agent: Agent,
    priority: str,
    moment: Moment,
    *,
    reason: str = "",
    tell_reason: bool = False,
) -> Ticket:
    """Give the ticket another priority: raised, the new target runs from the first event that named it; lowered,
    it governs clocks without a verdict and needs a reason, which the customer reads where `tell_reason` says so. What
    the customer asked for stays beside it. Raises NotAllowed or Refused."""
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.set_priority, pen.ticket)
    known = {each.id: each for each in pen.policy.priorities}
    if priority not in known:
        raise Refused(
            f"There is no priority “{priority}”. Possible: {', '.join(each.label for each in known.values())}."
        )
    if known[priority].restricted and is_problem(pen.ticket):
        raise Refused("That priority is for few people's eyes, and a problem is not. Choose another one.")
    before = known[pen.standing().priority]
    if priority != before.id:
        if known[priority].rank > before.rank and not reason.strip():
            raise Refused("Lowering the priority gives the customer a later promise. Say why, in the reason.")
        told = {"told": True} if tell_reason and reason.strip() else {}
        pen.fact("priority", Actor.agent, agent=agent, to=priority, reason=reason.strip(), **told)
        if known[priority].restricted:
            restrict(pen, Because.priority, actor=Actor.agent, agent=agent)
    information.priority_changed(pen)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return pen.ticket
