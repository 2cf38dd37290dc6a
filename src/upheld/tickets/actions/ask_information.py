"""Ask the customer for what their request lacks."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.rules.permissions import Act
from upheld.tickets import information
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def ask_information(ticket_id: int, agent: Agent, moment: Moment) -> Ticket:
    """Write to the requester which information is missing, with a link where they fill it in; once a ticket.

    Raises NotAllowed, or Refused where nothing is missing or they were asked before.
    """
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.reply, pen.ticket)
    lacking = information.missing_on(pen.ticket)
    if not lacking:
        raise Refused("Nothing is missing that the policy asks for.")
    question = information.ask(pen, lacking, agent)
    if question is None:
        raise Refused("They were asked already. Write a reply to ask once more.")
    standing, news = pen.close()
    information.send(pen, question)
    carry_out(pen, standing, news)
    return pen.ticket
