"""Enter an organization on a desk."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.models import Organization
from upheld.people.particulars import OrganizationParticulars
from upheld.people.refused import CustomerRefused
from upheld.people.vocabulary import vocabulary


@transaction.atomic
def add_organization(
    desk: Desk, particulars: OrganizationParticulars, *, by: str, now: datetime
) -> Organization:
    """Enter an organization. Raises CustomerRefused for a name or a reference that another one of the desk has."""
    Desk.objects.select_for_update(no_key=True).get(pk=desk.pk)
    given = particulars.checked(vocabulary(desk, now))
    refuse_doubles(desk, given)
    organization = Organization.objects.create(desk=desk, **given.columns)
    record(
        at=now,
        actor=by,
        action="organization entered",
        subject=organization.name,
        desk=desk,
        organization=organization.pk,
    )
    return organization


def refuse_doubles(desk: Desk, given: OrganizationParticulars, but: Organization | None = None) -> None:
    """Raise CustomerRefused where another organization of the desk is known by the same name or reference."""
    others = Organization.objects.filter(desk=desk).exclude(pk=but.pk if but else None)
    if others.filter(name__iexact=given.name).exists():
        raise CustomerRefused("name", f"There is an organization “{given.name}” already.")
    if given.reference and (other := others.filter(reference__iexact=given.reference).first()):
        raise CustomerRefused("reference", f"“{given.reference}” is the reference of {other.name}.")
