"""Change the order in which customers are offered the portals of a desk."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Portal


@transaction.atomic
def move_portal(portal_id: int, *, up: bool, by: str, now: datetime) -> None:
    """Let a portal change places with the one before it, or behind it. The first stays first, and the last last."""
    moved = Portal.objects.get(pk=portal_id)
    rows = Portal.objects.select_for_update(of=("self",)).filter(desk_id=moved.desk_id)
    portals = list(rows.select_related("desk").order_by("position", "-is_default", "id"))
    place = next(at for at, each in enumerate(portals) if each.pk == portal_id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(portals):
        return
    portals[place], portals[other] = portals[other], portals[place]
    for position, portal in enumerate(portals):
        portal.position = position
    Portal.objects.bulk_update(portals, ["position"])
    record(
        at=now,
        actor=by,
        action="portals put in order",
        subject=moved.name,
        desk=portals[0].desk,
        order=[each.slug for each in portals],
    )
