"""Let the customer read what a third party or a machine wrote on their ticket."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Message
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def release_message(message_id: int, agent: Agent, moment: Moment) -> Message:
    """Release a held message to the ticket's participants. Raises NotAllowed; releasing twice changes nothing."""
    message = Message.objects.get(pk=message_id)
    pen = Pen.on(message.ticket_id, moment)
    demand(agent, Act.release_message, pen.ticket)
    if not message.released:
        message.released = True
        message.save(update_fields=["released"])
        pen.fact("released", Actor.agent, agent=agent, message=message)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return message
