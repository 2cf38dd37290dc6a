"""Let the customer read what was held on their ticket."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import information
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.joining import join_by_agent
from upheld.tickets.models import Message
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def release_message(message_id: int, agent: Agent, moment: Moment, *, join: bool = False) -> Message:
    """Release a held message to the ticket's participants. Raises NotAllowed, or Refused for what is of a
    side conversation; releasing twice changes nothing.

    The message of somebody who takes part then counts as theirs, at its receipt, as if it had never been held; an
    automatic one never counts. With `join` its sender takes part from now on.
    """
    ticket_id = Message.objects.values_list("ticket_id", flat=True).get(pk=message_id)
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.release_message, pen.ticket)
    message = Message.objects.select_related("contact").get(pk=message_id)
    if message.side_id is not None:
        raise Refused(
            "This is of a side conversation, which no customer reads. Write to them what they should know."
        )
    if not message.released:
        _release(pen, message, agent)
    if join and message.contact is not None:
        join_by_agent(pen, message.contact, agent)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return message


def _release(pen: Pen, message: Message, agent: Agent) -> None:
    joined = {each.contact_id for each in pen.circle.participants(pen.ticket)}
    counts = message.kind == Message.Kind.THIRD_PARTY and message.contact_id in joined
    message.released = True
    if counts:
        message.kind = Message.Kind.CUSTOMER
    message.save(update_fields=["released", "kind"])
    pen.fact("released", Actor.agent, agent=agent, message=message)
    if counts:
        pen.fact(
            "message",
            Actor.customer,
            at=message.at,
            contact=message.contact,
            message=message,
            direction="in",
            public=True,
            automatic=False,
            reopens=True,
            channel=message.channel,
        )
        information.customer_wrote(pen, message.at)
