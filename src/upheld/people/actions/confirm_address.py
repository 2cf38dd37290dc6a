"""Note that somebody reads the mail to a contact's address."""

from datetime import datetime

from upheld.people.models import Contact


def confirm_address(contact: Contact, now: datetime) -> None:
    """Keep the first instant at which that was shown: by an answer to what only that address was sent, by a signed
    link, or by a mail whose domain our own mail server found to be genuine."""
    if contact.confirmed_at is None:
        contact.confirmed_at = now
        Contact.objects.filter(pk=contact.pk, confirmed_at=None).update(confirmed_at=now)
