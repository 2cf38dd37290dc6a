"""Say who the technical contacts of a contract are."""

from collections.abc import Sequence
from datetime import datetime

from upheld.people.actions.find_contact import find_or_add_contact
from upheld.people.models import Contract, DeskContact


def name_technical_contacts(contract: Contract, addresses: Sequence[str], now: datetime) -> None:
    """Let these addresses, and no others, be the technical contacts; an unknown one becomes a contact of the desk.
    Part of a caller's action."""
    contacts = [find_or_add_contact(address, "", now) for address in addresses]
    for contact in contacts:
        DeskContact.objects.get_or_create(
            desk_id=contract.desk_id, contact=contact, defaults={"added_at": now}
        )
    contract.technical_contacts.set(contacts)
