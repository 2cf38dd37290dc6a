"""Change what is known of an organization."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.actions.add_organization import refuse_doubles
from upheld.people.changes import store
from upheld.people.models import Organization
from upheld.people.particulars import OrganizationParticulars
from upheld.people.vocabulary import vocabulary


@transaction.atomic
def change_organization(
    organization_id: int, particulars: OrganizationParticulars, *, by: str, now: datetime
) -> Organization:
    """Store what is known of an organization; the same again changes nothing. Raises CustomerRefused."""
    organization = Organization.objects.select_related("desk").get(pk=organization_id)
    Desk.objects.select_for_update(no_key=True).get(pk=organization.desk_id)
    words = vocabulary(organization.desk, now).also(region=organization.region)
    given = particulars.checked(words)
    refuse_doubles(organization.desk, given, but=organization)
    changed = store(organization, given.columns)
    if changed:
        record(
            at=now,
            actor=by,
            action="organization changed",
            subject=organization.name,
            desk=organization.desk,
            organization=organization.pk,
            changed=changed,
        )
    return organization
