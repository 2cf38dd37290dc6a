"""A customer says that it works: their request is closed."""

from django.db import transaction

from upheld.people.models import Contact
from upheld.policy import Actor
from upheld.rules.permissions import Act, NotAllowed, allowed
from upheld.tickets import letters
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.solving import asks_whether_it_works
from upheld.tickets.visibility import ContactViewer, role_of


class NotAskedError(Exception):
    """The request is not waiting for the customer to say whether it works."""


@transaction.atomic
def confirm_solution(ticket_id: int, contact: Contact, moment: Moment) -> Ticket:
    """Close a resolved ticket because its customer says that it works, and tell the requester once.

    Raises NotAskedError in any other status, so that a second press changes nothing, and NotAllowed for a contact who
    may not write on the ticket.
    """
    pen = Pen.on(ticket_id, moment)
    ticket = pen.ticket
    if not allowed(role_of(ContactViewer(contact.pk), ticket), Act.write_as_customer):
        raise NotAllowed("You take no part in this request.")
    before = pen.standing().status
    closing = pen.policy.closing_status
    if closing is None or not asks_whether_it_works(pen.policy, pen.status(before)):
        raise NotAskedError(NotAskedError.__doc__)
    pen.fact("status", Actor.customer, contact=contact, to=closing.id, confirmed=True)
    standing, news = pen.close()
    letters.tell_status(pen, standing, before, closing.id, key=f"confirmed:{ticket.last_seq}")
    carry_out(pen, standing, news, announced_status=closing.id)
    return ticket
