"""Say whose a mail domain is."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.domains import checked_domain
from upheld.people.models import Organization, OrganizationDomain
from upheld.people.refused import DomainTaken


@transaction.atomic
def add_domain(organization_id: int, domain: str, *, by: str, now: datetime) -> OrganizationDomain:
    """Let senders of a mail domain belong to an organization, unless somebody entered otherwise for one of them.

    Raises CustomerRefused for what is no domain or anybody's, and DomainTaken for one of another organization.
    """
    organization = Organization.objects.select_related("desk").get(pk=organization_id)
    Desk.objects.select_for_update(no_key=True).get(pk=organization.desk_id)
    name = checked_domain(domain)
    known = OrganizationDomain.objects.filter(desk=organization.desk, domain=name).first()
    if known is not None and known.organization_id != organization.pk:
        raise DomainTaken(known.organization_id)
    if known is not None:
        return known
    added = OrganizationDomain.objects.create(desk=organization.desk, organization=organization, domain=name)
    record(
        at=now,
        actor=by,
        action="domain added",
        subject=name,
        desk=organization.desk,
        organization=organization.pk,
        name=organization.name,
    )
    return added
