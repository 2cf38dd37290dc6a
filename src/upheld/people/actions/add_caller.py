"""Find the contact of a telephone number, or make one without a mail address."""

from datetime import datetime

from django.db import transaction

from upheld.people.actions.add_contact import checked_address
from upheld.people.actions.find_contact import find_or_add_contact
from upheld.people.models import Contact
from upheld.people.phones import LONGEST, digits_of
from upheld.people.refused import CustomerRefused
from upheld.rules.callers import SHORTEST, placeholder_address
from upheld.rules.one_line import one_line


@transaction.atomic
def find_or_add_caller(phone: str, name: str, now: datetime, *, address: str = "") -> Contact:
    """Return the contact of a caller: that of their address where they gave one, else one who gets no mail.

    The number is kept with a contact who has none yet. Raises CustomerRefused where there is neither.
    """
    digits = digits_of(phone)
    if not address.strip() and not SHORTEST <= len(digits) < LONGEST:
        raise CustomerRefused(
            "phone", "Write the caller's number or mail address, so that they are found again."
        )
    given = checked_address(address) if address.strip() else placeholder_address(digits)
    contact = find_or_add_contact(given, name, now)
    if digits and not contact.phone_digits:
        contact.phone, contact.phone_digits = one_line(phone, 40), digits
        contact.save(update_fields=["phone", "phone_digits"])
    return contact
