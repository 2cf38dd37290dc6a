"""Take a ticket to the next level of the customer's path."""

from django.db import transaction

from upheld.people.models import Agent, Contact
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import information, letters
from upheld.tickets.actions.receive_message import write_down
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand, refuse_merged
from upheld.tickets.complaints import KIND, PathLevel, choices, path_of
from upheld.tickets.effects import carry_out
from upheld.tickets.incoming import Incoming
from upheld.tickets.models import Message, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words

CHANNEL = "portal"


@transaction.atomic
def take_complaint(
    ticket_id: int, by: Agent | Contact, words: str, moment: Moment, *, expected: int | None = None
) -> Ticket:
    """Tell who answers at the next level of the policy's path that this customer is not satisfied, and why.

    `by` is the customer, whose words become a message on the ticket, or an agent who heard them, whose words become a
    note. `expected` is the level that they chose among those offered, the next one when left out: a second press takes
    nothing further. Raises Refused where the
    path has no such level to offer, and NotAllowed.
    """
    pen = Pen.on(ticket_id, moment)
    ticket = pen.ticket
    if isinstance(by, Agent):
        demand(by, Act.take_complaint, ticket)
    refuse_merged(ticket)
    levels = path_of(ticket)
    if any(each.taken_at and each.number == expected for each in levels):
        return ticket
    level = _chosen(levels, expected)
    if not words.strip():
        raise Refused("Say in a few words what is not satisfactory.")
    if isinstance(by, Contact) and _would_come_too_late(pen):
        raise Refused("This request was closed too long ago. Submit a new one and name its number.")
    _write_down(pen, by, words.strip(), level)
    standing, news = pen.close()
    filling = pen.circle.filling(ticket, level.role, pen.values(), moment.at)
    for agent in filling.agents:
        letters.tell_complaint(pen, agent, level.role, level.number, is_filled=filling.is_filled)
    carry_out(pen, standing, news)
    add_words(ticket, words)
    return ticket


def _chosen(levels: list[PathLevel], expected: int | None) -> PathLevel:
    offered = choices(levels)
    if not offered:
        raise Refused("There is no level left on the path that the policy promises.")
    if expected is None:
        return offered[0]
    for each in offered:
        if each.number == expected:
            return each
    raise Refused("Turn to the level before it first; the policy promises this one after it.")


def _would_come_too_late(pen: Pen) -> bool:
    return pen.comes_too_late(
        "message", Actor.customer, pen.moment.at, direction="in", public=True, reopens=True
    )


def _write_down(pen: Pen, by: Agent | Contact, words: str, level: PathLevel) -> None:
    if isinstance(by, Agent):
        said = {
            "kind": Message.Kind.NOTE,
            "agent": by,
            "at": pen.moment.at,
            "channel": CHANNEL,
            "text": words,
        }
        message = Message.objects.create(ticket=pen.ticket, **said)
        pen.fact(KIND, Actor.agent, agent=by, message=message, level=level.number, role=level.role)
        return
    at = pen.moment.at
    message = write_down(
        pen, Incoming(kind=Message.Kind.CUSTOMER, contact=by, text=words, received_at=at, channel=CHANNEL)
    )
    information.customer_wrote(pen, at)
    for agent in pen.circle.hearing(pen.ticket):
        letters.tell_customer_wrote(pen, agent, message)
    pen.fact(KIND, Actor.customer, contact=by, message=message, level=level.number, role=level.role)
