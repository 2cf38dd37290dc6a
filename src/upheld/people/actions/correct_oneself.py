"""A contact corrects what a desk knows of them."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.changes import store
from upheld.people.models import Contact
from upheld.people.particulars import ContactParticulars
from upheld.people.vocabulary import Vocabulary


@transaction.atomic
def correct_oneself(
    contact_id: int, *, name: str, phone: str, zone: str, language: str, now: datetime
) -> Contact:
    """Store what the contact says of themselves; the same again changes nothing. What desks noted about them stays.
    Raises CustomerRefused."""
    contact = Contact.objects.select_for_update().get(pk=contact_id)
    said = ContactParticulars(
        name=name, phone=phone, zone=zone, language=language, region=contact.region, notes=contact.notes
    )
    columns = said.checked(Vocabulary().also(region=contact.region)).columns
    kept = ("region", "notes")
    changed = store(contact, {column: value for column, value in columns.items() if column not in kept})
    changed.pop("phone_digits", None)
    if changed:
        record(
            at=now,
            actor=contact.address,
            action="contact corrected",
            subject=contact.address,
            contact=contact.pk,
            changed=changed,
        )
    return contact
