"""Receive what a third party answered in a side conversation: for agents alone, whoever takes part in the ticket."""

from django.db import transaction

from upheld.policy import Actor
from upheld.tickets import letters
from upheld.tickets.actions.receive_message import store_incoming
from upheld.tickets.asides import hearing_aside
from upheld.tickets.effects import carry_out
from upheld.tickets.incoming import Incoming
from upheld.tickets.models import Message, SideConversation
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words


@transaction.atomic(savepoint=False)
def receive_aside(side_id: int, incoming: Incoming, moment: Moment) -> Message:
    """Add the message at its receipt. It is no message of the customer's and moves no clock, and one that was closed is
    open again. Of a machine's nobody is told, and it opens nothing."""
    ticket_id = SideConversation.objects.values_list("ticket_id", flat=True).get(pk=side_id)
    pen = Pen.on(ticket_id, moment)
    side = SideConversation.objects.get(pk=side_id)
    message = store_incoming(pen.ticket, incoming, released=False, side=side)
    by_machine = incoming.kind == Message.Kind.MACHINE
    pen.fact(
        "side",
        Actor.system if by_machine else Actor.third_party,
        at=incoming.received_at,
        contact=incoming.contact,
        message=message,
        what="machine" if by_machine else "answered",
        subject=side.subject,
        **{"with": side.name or side.address},
    )
    if not by_machine:
        if side.closed_at is not None:
            side.closed_at = None
            side.save(update_fields=["closed_at"])
        for agent in hearing_aside(pen, side):
            letters.tell_aside_answered(pen, agent, side, message)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    add_words(pen.ticket, incoming.text)
    return message
