"""Say that a mail domain is nobody's any more."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.models import OrganizationDomain


@transaction.atomic
def remove_domain(domain_id: int, *, by: str, now: datetime) -> None:
    """Remove a domain from its organization; what it brought in stays where it is."""
    domain = OrganizationDomain.objects.select_related("desk", "organization").get(pk=domain_id)
    domain.delete()
    record(
        at=now,
        actor=by,
        action="domain removed",
        subject=domain.domain,
        desk=domain.desk,
        organization=domain.organization_id,
        name=domain.organization.name,
    )
