"""Whose an address is: a duplicate that was merged is an address of the contact that was kept."""

from django.db.models.functions import Coalesce

from upheld.people.models import Contact


def contact_id_of(address: str) -> int | None:
    """Return the id of the contact to whom an address belongs, or None where nobody is known by it."""
    known = Contact.objects.filter(address=address.strip().lower())
    return known.values_list(Coalesce("merged_into_id", "pk"), flat=True).first()
