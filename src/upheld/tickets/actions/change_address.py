"""Give a contact another mail address, and end what was sent to the old one."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from upheld.desks.models import Desk
from upheld.people import actions as people
from upheld.people.models import Agent, Contact
from upheld.rules.permissions import Act
from upheld.tickets.actions.merging import demand_all_of
from upheld.tickets.customers import visible_contacts
from upheld.tickets.models import Participant
from upheld.tickets.visibility import AgentViewer


@transaction.atomic
def change_address(contact_id: int, address: str, agent: Agent, *, desk: Desk, now: datetime) -> Contact:
    """Move a contact to another address. Every link and reply address that was sent to the old one is dead: whoever
    reads that mail now need not be the same person.

    Raises Contact.DoesNotExist for whom the agent does not know, CustomerRefused for an address that cannot be theirs,
    and Refused unless the agent may change and read all that the contact takes part in, since it is sent there.
    """
    if not visible_contacts(AgentViewer.of(agent)).filter(pk=contact_id).exists():
        raise Contact.DoesNotExist("there is no such contact")
    demand_all_of(agent, Act.change_customers, [contact_id])
    before = Contact.objects.get(pk=contact_id).address
    contact = people.change_address(
        contact_id, address, desk=desk, by=f"{agent.name} <{agent.address}>", now=now
    )
    if contact.address != before:
        Participant.objects.filter(contact=contact).update(key_serial=F("key_serial") + 1)
    return contact
