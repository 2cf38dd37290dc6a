"""Change what an agent may do on a desk."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.models import Membership
from upheld.people.staff import agent_of, lock_desk, refuse_without_administrator
from upheld.rules.permissions import Role


@transaction.atomic
def change_right(desk_id: int, agent_id: int, role: Role, *, by: str, now: datetime) -> Membership:
    """Give an agent of the desk another right; the same again changes nothing. Raises StaffRefused where nobody would
    administer the desk any more."""
    desk = lock_desk(desk_id)
    agent = agent_of(desk, agent_id)
    membership = agent.memberships.get(desk=desk)
    before = membership.role
    if before == role.value:
        return membership
    refuse_without_administrator(desk, agent)
    membership.role = role.value
    membership.save(update_fields=["role"])
    record(
        at=now,
        actor=by,
        action="right changed",
        subject=agent.address,
        desk=desk,
        before={"role": before},
        after={"role": role.value},
    )
    return membership
