"""Fill in what a ticket's policy asks for."""

from collections.abc import Mapping

from django.db import transaction

from upheld.people.actions import confirm_address
from upheld.people.models import Agent, Contact
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import information, letters
from upheld.tickets.actions.receive_message import write_down
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand, refuse_merged
from upheld.tickets.effects import carry_out
from upheld.tickets.incoming import Incoming
from upheld.tickets.models import Message, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words

_NOTHING = "Nothing was filled in. Fill in at least one field."


@transaction.atomic
def give_information(
    ticket_id: int, contact: Contact, given: Mapping[str, str], moment: Moment, *, message_id: str = ""
) -> Message:
    """Take what a customer filled in. It is a message of theirs like any other, and lets clocks go on that waited.

    Whether they may write on the ticket is asked by the page through which they come. `message_id` is that of the form,
    so that one that arrives twice counts once. Raises Refused for an empty form and where the ticket is open no more.
    """
    pen, at = Pen.on(ticket_id, moment), moment.at
    if message_id and (known := pen.ticket.messages.filter(message_id=message_id).first()):
        return known
    refuse_merged(pen.ticket)
    given = information.cleaned(pen.ticket, given)
    if not given:
        raise Refused(_NOTHING)
    if pen.comes_too_late("message", Actor.customer, at, direction="in", public=True, reopens=True):
        raise Refused("This request was closed too long ago to be opened again. Submit a new one.")
    confirm_address(contact, at)
    information.add(pen, given)
    incoming = Incoming(
        kind=Message.Kind.CUSTOMER,
        contact=contact,
        text=_said(pen.ticket, given),
        received_at=at,
        channel="portal",
        message_id=message_id,
        confirmed=True,
    )
    message = write_down(pen, incoming)
    pen.fact("information", Actor.customer, contact=contact, items=list(given))
    information.settle_given(pen)
    information.customer_wrote(pen, at)
    standing, news = pen.close()
    for agent in pen.circle.hearing(pen.ticket):
        letters.tell_customer_wrote(pen, agent, message)
    carry_out(pen, standing, news)
    add_words(pen.ticket, incoming.text)
    return message


@transaction.atomic
def fill_in_information(ticket_id: int, agent: Agent, given: Mapping[str, str], moment: Moment) -> Ticket:
    """Fill in for the customer what an agent found out. Raises NotAllowed, or Refused for an empty form."""
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.set_field, pen.ticket)
    changed = {
        id: text
        for id, text in information.cleaned(pen.ticket, given).items()
        if pen.ticket.information.get(id) != text
    }
    if not changed:
        raise Refused(_NOTHING)
    information.add(pen, changed)
    pen.fact("information", Actor.agent, agent=agent, items=list(changed))
    information.settle_given(pen, agent)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    add_words(pen.ticket, "\n".join(changed.values()))
    return pen.ticket


def _said(ticket: Ticket, given: Mapping[str, str]) -> str:
    labels = {each.part.id: each.part.label for each in information.answers(ticket)}
    return "\n\n".join(f"{labels[id]}:\n{text}" for id, text in given.items())
