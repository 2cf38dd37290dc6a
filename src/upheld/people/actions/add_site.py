"""Enter a place at which an organization uses a product."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.models import Organization, Site
from upheld.people.particulars import SiteParticulars
from upheld.people.refused import CustomerRefused
from upheld.people.vocabulary import vocabulary


@transaction.atomic
def add_site(organization_id: int, particulars: SiteParticulars, *, by: str, now: datetime) -> Site:
    """Enter a site with what the policy asks about its product. Raises CustomerRefused."""
    organization = (
        Organization.objects.select_for_update(of=("self",)).select_related("desk").get(pk=organization_id)
    )
    given = particulars.checked(vocabulary(organization.desk, now))
    refuse_double(organization, given.name)
    site = Site.objects.create(organization=organization, **given.columns)
    record(
        at=now,
        actor=by,
        action="site entered",
        subject=site.name,
        desk=organization.desk,
        site=site.pk,
        organization=organization.pk,
        name=organization.name,
    )
    return site


def refuse_double(organization: Organization, name: str, but: Site | None = None) -> None:
    """Raise CustomerRefused where another site of the organization has the name."""
    others = Site.objects.filter(organization=organization, name__iexact=name)
    if others.exclude(pk=but.pk if but else None).exists():
        raise CustomerRefused("name", f"{organization.name} has a site “{name}” already.")
