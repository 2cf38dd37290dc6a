"""Do without what was asked for."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import information
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import InformationAsked, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def waive_information(ticket_id: int, agent: Agent, reason: str, moment: Moment) -> Ticket:
    """End the wait for what the customer was asked for. Raises NotAllowed, or Refused without a reason and where
    nothing is waited for."""
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.waive_information, pen.ticket)
    if not reason.strip():
        raise Refused("Say why it is not needed, in the reason.")
    question = InformationAsked.objects.filter(ticket=pen.ticket, ended_at=None).first()
    if question is None:
        raise Refused("Nobody waits for information on this ticket.")
    pen.fact("information_waived", Actor.agent, agent=agent, reason=reason.strip()[:500])
    information.end(pen, question, "waived", agent=agent)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return pen.ticket
