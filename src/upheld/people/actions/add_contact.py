"""Enter a contact on a desk."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk, Mailbox
from upheld.people.actions.find_contact import find_or_add_contact
from upheld.people.changes import store
from upheld.people.models import Contact, DeskContact
from upheld.people.particulars import ContactParticulars
from upheld.people.refused import AddressTaken, CustomerRefused
from upheld.people.vocabulary import vocabulary


@transaction.atomic
def add_contact(
    desk: Desk, address: str, particulars: ContactParticulars, *, by: str, now: datetime
) -> tuple[Contact, bool]:
    """Return the contact of an address, and whether they are new on the desk. Of somebody who is known already only
    what was empty is filled in. Raises CustomerRefused."""
    address = checked_address(address)
    given = particulars.checked(vocabulary(desk, now))
    contact = find_or_add_contact(address, given.name, now)
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    filled_in = _fill_in(contact, given)
    _, is_new = DeskContact.objects.get_or_create(desk=desk, contact=contact, defaults={"added_at": now})
    if is_new or filled_in:
        record(
            at=now,
            actor=by,
            action="contact entered" if is_new else "contact changed",
            subject=contact.address,
            desk=desk,
            contact=contact.pk,
            changed=filled_in,
        )
    return contact, is_new


def checked_address(text: str) -> str:
    """Return an address as it is kept; raises CustomerRefused for what is none, or is one of our own."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise CustomerRefused(
            "address", "This is no mail address. Write one such as name@example.com."
        ) from None
    if len(address) > 254:
        raise CustomerRefused("address", "This address is too long for mail.")
    if Mailbox.objects.filter(address=address).exists():
        # Writing to a customer who is ourselves would go round in circles.
        raise AddressTaken
    return address


def _fill_in(contact: Contact, given: ContactParticulars) -> dict[str, object]:
    columns = given.columns
    if contact.phone:
        columns = {name: value for name, value in columns.items() if name != "phone_digits"}
    missing = {name: value for name, value in columns.items() if value and not getattr(contact, name)}
    filled_in = store(contact, missing)
    filled_in.pop("phone_digits", None)
    return filled_in
