"""Change what a portal is."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Portal
from upheld.desks.portals import PortalValues, checked_slug, columns_of, told


@transaction.atomic
def change_portal(portal_id: int, slug: str, values: PortalValues, *, by: str, now: datetime) -> Portal:
    """Set everything that is given; the same again changes nothing. What was submitted before stays as it was received:
    making a portal restricted, or open, is for what comes from now on. Raises PortalRefused."""
    portal = (
        Portal.objects.select_for_update(of=("self",)).select_related("desk", "mailbox").get(pk=portal_id)
    )
    before = columns_of(portal)
    after = values.columns(portal.desk, now) | {"slug": checked_slug(slug, portal)}
    changed = told(before, after)
    if not changed:
        return portal
    for name in changed:
        setattr(portal, name, after[name])
    portal.save(update_fields=list(changed))
    record(at=now, actor=by, action="portal changed", subject=portal.name, desk=portal.desk, changed=changed)
    return portal
