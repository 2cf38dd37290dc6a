"""Say that somebody else asked than it seemed."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from upheld.desks.models import Mailbox
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Agent, Contact
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.customers import visible_contacts
from upheld.tickets.effects import carry_out
from upheld.tickets.models import JoinedBy, Participant, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words
from upheld.tickets.visibility import AgentViewer


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked: a contact whom the agent knows, or an address, new or not, with a name."""

    contact_id: int | None = None
    address: str = ""
    name: str = ""


@transaction.atomic
def change_requester(ticket_id: int, agent: Agent, asker: Asker, moment: Moment, *, keeps: bool) -> Ticket:
    """Make somebody else the requester: they read the ticket from its beginning, and what is sent to the requester goes
    to them. Who was it until now stays as a participant (`keeps`), or is put out, and their links end.

    Organization, site and contract stay those for which the ticket was received. Raises NotAllowed, or Refused.
    """
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.change_requester, pen.ticket)
    contact, before = _contact(asker, agent, moment), pen.ticket.requester
    if contact.pk == before.pk:
        raise Refused(f"{contact} is who asked already.")
    _step_down(pen, before, moment, keeps=keeps)
    _step_up(pen, contact)
    pen.ticket.requester = contact
    pen.ticket.save(update_fields=["requester"])
    pen.circle.forget(pen.ticket)
    said = {"before": str(before), "to": str(contact), "kept": keeps}
    pen.fact("requester", Actor.agent, agent=agent, contact=contact, **said)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    add_words(pen.ticket, "", people=(contact,))
    return pen.ticket


def _contact(asker: Asker, agent: Agent, moment: Moment) -> Contact:
    if asker.contact_id is not None:
        found = visible_contacts(AgentViewer.of(agent)).filter(pk=asker.contact_id).first()
        if found is None:
            raise Refused("There is no such contact. Look for them again, or write their address.")
        return found
    address = asker.address.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused("Choose somebody from the list, or write a mail address.") from None
    if len(address) > 254 or Mailbox.objects.filter(address=address).exists():
        raise Refused("Nobody can ask from this address.")
    return find_or_add_contact(address, asker.name, moment.at)


def _step_down(pen: Pen, before: Contact, moment: Moment, *, keeps: bool) -> None:
    """There is one requester a ticket, so the one before goes first."""
    theirs = Participant.objects.select_for_update().filter(ticket=pen.ticket, contact=before).first()
    if theirs is None:
        return
    theirs.is_requester = False
    if not keeps and theirs.removed_at is None:
        theirs.removed_at = moment.at
        theirs.key_serial += 1
    theirs.save(update_fields=["is_requester", "removed_at", "key_serial"])


def _step_up(pen: Pen, contact: Contact) -> None:
    """Who asked reads everything, also what was said before they took part, and also who was put out once."""
    ticket = pen.ticket
    theirs, _ = Participant.objects.get_or_create(
        ticket=ticket,
        contact=contact,
        defaults={"joined_by": JoinedBy.AGENT, "sees_from": ticket.received_at},
    )
    theirs.is_requester, theirs.removed_at = True, None
    theirs.sees_from = min(theirs.sees_from, ticket.received_at)
    theirs.save(update_fields=["is_requester", "removed_at", "sees_from"])
