"""A customer says that everything is down: their request gets the highest priority at once."""

from django.db import transaction

from upheld.people.models import Contact
from upheld.policy import Actor
from upheld.rules.named_priority import Where
from upheld.tickets import information, letters
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.naming import highest_above
from upheld.tickets.pen import Pen
from upheld.tickets.restricting import Because, restrict


class NotHigher(Exception):  # noqa: N818 - it reads as the sentence it is
    """The request cannot be raised: it has the highest priority already, or is done."""


@transaction.atomic
def raise_priority(ticket_id: int, contact: Contact, moment: Moment) -> Ticket:
    """Give the ticket the most urgent priority because its customer says so, and tell whoever is responsible, once.

    The targets run from this naming, as the policy counts them. Raises NotHigher.
    """
    pen = Pen.on(ticket_id, moment)
    ticket, standing = pen.ticket, pen.standing()
    top = highest_above(pen.policy, standing.priority)
    if top is None or pen.status(standing.status).is_done:
        raise NotHigher(NotHigher.__doc__)
    ticket.requested_priority = top.id
    ticket.save(update_fields=["requested_priority"])
    pen.fact("priority", Actor.customer, contact=contact, to=top.id, named_by=Where.link.value)
    if top.restricted:
        restrict(pen, Because.priority, actor=Actor.customer)
    information.priority_changed(pen)
    standing, news = pen.close()
    for agent in pen.circle.responsible(ticket):
        letters.tell_raised(pen, agent, standing)
    carry_out(pen, standing, news)
    return ticket
