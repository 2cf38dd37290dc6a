"""Give a contact another mail address."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.actions.add_contact import checked_address
from upheld.people.models import Agent, Contact, User
from upheld.people.refused import AddressTaken, CustomerRefused


@transaction.atomic
def change_address(contact_id: int, address: str, *, desk: Desk, by: str, now: datetime) -> Contact:
    """Move a contact to another address: nobody has confirmed it yet, and whoever was signed in has to show that they
    read mail to it. Raises CustomerRefused for an address that is somebody's, or that of an agent's account.

    What was sent to the old address opens requests until `tickets.actions.change_address`, which calls this, ends it.
    """
    contact = Contact.objects.select_for_update().get(pk=contact_id)
    address = checked_address(address)
    if address == contact.address:
        return contact
    other = Contact.objects.filter(address=address).exclude(pk=contact.pk).first()
    if other is not None:
        raise AddressTaken(other.merged_into_id or other.pk)
    _move_account(contact, address)
    before, contact.address, contact.confirmed_at = contact.address, address, None
    contact.save(update_fields=["address", "confirmed_at"])
    record(
        at=now,
        actor=by,
        action="contact's address changed",
        subject=address,
        desk=desk,
        contact=contact.pk,
        before=before,
    )
    return contact


def _move_account(contact: Contact, address: str) -> None:
    """The account goes along. A new unusable password signs everybody out who came in by the old address."""
    user = User.objects.select_for_update().filter(pk=contact.user_id).first()
    if user is None:
        return
    if Agent.objects.filter(user=user).exists():
        raise CustomerRefused("address", f"{contact} is an agent as well, and signs in with this address.")
    if User.objects.filter(email=address).exclude(pk=user.pk).exists():
        raise AddressTaken
    user.email = address
    user.set_unusable_password()
    user.save(update_fields=["email", "password"])
