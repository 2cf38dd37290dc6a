"""Remove a portal."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Portal
from upheld.desks.portals import PortalRefused


@transaction.atomic
def remove_portal(portal_id: int, *, by: str, now: datetime) -> None:
    """Remove a door. What came in by it stays as it is, restricted requests included. Raises PortalRefused for the
    usual portal of a desk, to which all links to the desk lead."""
    portal = Portal.objects.select_for_update(of=("self",)).select_related("desk").get(pk=portal_id)
    if portal.is_default:
        raise PortalRefused("slug", "The desk's usual portal stays: links to the desk lead to it.")
    record(at=now, actor=by, action="portal removed", subject=portal.name, desk=portal.desk, slug=portal.slug)
    portal.delete()
