"""Change what is known of a site."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.actions.add_site import refuse_double
from upheld.people.changes import store
from upheld.people.models import Organization, Site
from upheld.people.particulars import SiteParticulars
from upheld.people.vocabulary import vocabulary


@transaction.atomic
def change_site(site_id: int, particulars: SiteParticulars, *, by: str, now: datetime) -> Site:
    """Store what is known of a site; the same again changes nothing. Raises CustomerRefused."""
    site = Site.objects.select_related("organization__desk").get(pk=site_id)
    Organization.objects.select_for_update().get(pk=site.organization_id)
    desk = site.organization.desk
    words = vocabulary(desk, now).also(region=site.region, product=site.product)
    given = particulars.checked(words)
    refuse_double(site.organization, given.name, but=site)
    changed = store(site, given.columns)
    if changed:
        record(
            at=now,
            actor=by,
            action="site changed",
            subject=site.name,
            desk=desk,
            site=site.pk,
            changed=changed,
        )
    return site
