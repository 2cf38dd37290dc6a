"""Set the zone in which an agent reads times."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from upheld.clock import zone_names
from upheld.desks.audit import record
from upheld.people.models import Agent
from upheld.people.staff import StaffRefused, agent_of, lock_desk


@transaction.atomic
def set_zone(desk_id: int, agent_id: int, zone: str, *, by: str, now: datetime) -> Agent:
    """Set an agent's zone; empty is that of the desk. Raises StaffRefused for a zone that does not exist."""
    desk = lock_desk(desk_id)
    agent = agent_of(desk, agent_id)
    if zone and zone not in zone_names():
        raise StaffRefused(_("Choose a time zone from the list, like Europe/London."))
    before = agent.zone
    if before == zone:
        return agent
    agent.zone = zone
    agent.save(update_fields=["zone"])
    record(
        at=now,
        actor=by,
        action="zone changed",
        subject=agent.address,
        desk=desk,
        before={"zone": before},
        after={"zone": zone},
    )
    return agent
