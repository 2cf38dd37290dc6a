"""Find the contact of an address, or make one."""

from datetime import datetime

from upheld.people.models import Contact


def find_or_add_contact(address: str, name: str, now: datetime) -> Contact:
    """Return the contact of `address`; an unknown sender becomes one. Safe when two mails arrive at once."""
    contact, made = Contact.objects.get_or_create(
        address=address.strip().lower(), defaults={"name": name[:160], "created_at": now}
    )
    if not made and not contact.name and name:
        contact.name = name[:160]
        contact.save(update_fields=["name"])
    return contact
