"""Find the contact of an address, or make one."""

from datetime import datetime

from upheld.people.models import Contact
from upheld.rules.one_line import one_line


def find_or_add_contact(address: str, name: str, now: datetime) -> Contact:
    """Return the contact of `address`; an unknown sender becomes one. Safe when two mails arrive at once."""
    address, name = address.strip().lower(), one_line(name, 160)
    contact = Contact.objects.filter(address=address).first()
    if contact is None:
        # Whoever loses the race finds the winner's row; no savepoint is needed for that.
        new = Contact(address=address, name=name, created_at=now)
        Contact.objects.bulk_create([new], ignore_conflicts=True)
        contact = Contact.objects.get(address=address)
    if not contact.name and name:
        contact.name = name
        contact.save(update_fields=["name"])
    return contact
