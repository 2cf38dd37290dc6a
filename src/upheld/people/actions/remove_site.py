"""Take a site off the list."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.models import Site


@transaction.atomic
def remove_site(site_id: int, *, by: str, now: datetime) -> None:
    """Remove a site; requests that named it stay, and name none."""
    site = Site.objects.select_related("organization__desk").get(pk=site_id)
    organization, pk = site.organization, site.pk
    site.delete()
    record(
        at=now,
        actor=by,
        action="site removed",
        subject=site.name,
        desk=organization.desk,
        site=pk,
        organization=organization.pk,
        name=organization.name,
    )
