"""Say that a contact no longer belongs to an organization."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.models import Affiliation, Contact


@transaction.atomic
def part(contact_id: int, organization_id: int, *, by: str, now: datetime) -> bool:
    """Part a contact and an organization; return whether they belonged together. Requests stay with whoever asked, and
    with the organization for which they were received."""
    Contact.objects.select_for_update().get(pk=contact_id)
    affiliation = (
        Affiliation.objects.filter(contact_id=contact_id, organization_id=organization_id)
        .select_related("contact", "organization__desk")
        .first()
    )
    if affiliation is None:
        return False
    affiliation.delete()
    record(
        at=now,
        actor=by,
        action="contact parted",
        subject=affiliation.contact.address,
        desk=affiliation.organization.desk,
        contact=contact_id,
        organization=organization_id,
        name=affiliation.organization.name,
    )
    return True
