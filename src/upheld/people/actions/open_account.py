"""Let a contact sign in."""

from django.db import transaction

from upheld.people.models import Contact, User


@transaction.atomic
def open_account(address: str) -> None:
    """Give the contact of this address an account without a password; nothing for addresses that nobody has.

    Only who reads mail to the address can use it: the way in is a code that is sent there.
    """
    contact = Contact.objects.select_for_update().filter(address=address.strip().lower(), user=None).first()
    if contact is None:
        return
    user = User.objects.filter(email=contact.address).first()
    contact.user = user or User.objects.create_user(contact.address, name=contact.name[:120])
    contact.save(update_fields=["user"])
