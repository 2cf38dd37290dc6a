"""Add a portal to a desk."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from upheld.desks.audit import record
from upheld.desks.models import Desk, Portal
from upheld.desks.portals import PortalValues, checked_slug


@transaction.atomic
def add_portal(desk: Desk, slug: str, values: PortalValues, *, by: str, now: datetime) -> Portal:
    """Add a front door for another kind of enquiry, the last in the order. Raises PortalRefused."""
    # Two that are added at once shall not have the same place, nor the same short name.
    Desk.objects.select_for_update().get(pk=desk.pk)
    columns = values.columns(desk, now)
    last = Portal.objects.filter(desk=desk).aggregate(Max("position"))["position__max"]
    portal = Portal.objects.create(desk=desk, slug=checked_slug(slug), position=(last or 0) + 1, **columns)
    record(
        at=now,
        actor=by,
        action="portal added",
        subject=portal.name,
        desk=desk,
        slug=portal.slug,
        restricted=portal.restricted,
        is_listed=portal.is_listed,
    )
    return portal
