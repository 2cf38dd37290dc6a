"""Assign a ticket."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import letters
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def assign(ticket_id: int, agent: Agent, assignee: Agent | None, moment: Moment) -> Ticket:
    """Make `assignee` responsible for the ticket, or nobody.

    Raises NotAllowed, or Refused for somebody who does not work on the desk, or who may not read the ticket.
    """
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.assign, pen.ticket)
    if assignee is not None and not assignee.memberships.filter(desk_id=pen.ticket.desk_id).exists():
        raise Refused(f"{assignee} does not work on this desk. Choose one of its agents.")
    if assignee is not None and pen.ticket.restricted and assignee not in pen.circle.readers(pen.ticket):
        raise Refused(f"{assignee} may not read this ticket. Add them to its readers first.")
    changed = pen.ticket.assignee_id != (assignee.pk if assignee else None)
    if changed:
        pen.ticket.assignee = assignee
        pen.ticket.save(update_fields=["assignee"])
        pen.fact("assigned", Actor.agent, agent=agent, to=assignee.name if assignee else None)
    standing, news = pen.close()
    if changed and assignee is not None and assignee.pk != agent.pk:
        letters.tell_assignee(pen, assignee, by=agent.name, standing=standing)
    carry_out(pen, standing, news)
    return pen.ticket
