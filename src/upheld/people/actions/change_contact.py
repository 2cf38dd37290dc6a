"""Change what is known of a contact."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.changes import store
from upheld.people.models import Contact
from upheld.people.particulars import ContactParticulars
from upheld.people.vocabulary import vocabulary


@transaction.atomic
def change_contact(
    contact_id: int, particulars: ContactParticulars, *, desk: Desk, by: str, now: datetime
) -> Contact:
    """Store what is known of a contact, in the words of the desk on which somebody enters it; the same again changes
    nothing. Raises CustomerRefused."""
    contact = Contact.objects.select_for_update().get(pk=contact_id)
    given = particulars.checked(vocabulary(desk, now).also(region=contact.region))
    changed = store(contact, given.columns)
    changed.pop("phone_digits", None)
    if changed:
        record(
            at=now,
            actor=by,
            action="contact changed",
            subject=contact.address,
            desk=desk,
            contact=contact.pk,
            changed=changed,
        )
    return contact
