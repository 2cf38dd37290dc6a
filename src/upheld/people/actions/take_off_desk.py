"""Take an agent away from a desk."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.models import NamedAuditor, NamedReader, RoleHolder, Team
from upheld.people.staff import agent_of, lock_desk, refuse_without_administrator


@transaction.atomic
def take_off_desk(desk_id: int, agent_id: int, *, by: str, now: datetime) -> None:
    """End an agent's work on a desk: their right, teams, roles, readings and audits there. What they wrote stays, and
    so does their account. Raises StaffRefused for the last administrator."""
    desk = lock_desk(desk_id)
    agent = agent_of(desk, agent_id)
    refuse_without_administrator(desk, agent)
    teams = list(Team.objects.filter(desk=desk, members=agent))
    for team in teams:
        team.members.remove(agent)
    held = RoleHolder.objects.filter(desk=desk, agent=agent)
    roles = sorted(set(held.values_list("role", flat=True)))
    held.delete()
    named, _kinds = NamedReader.objects.filter(desk=desk, agent=agent).delete()
    audited, _kinds = NamedAuditor.objects.filter(desk=desk, agent=agent).delete()
    right = agent.memberships.get(desk=desk).role
    agent.memberships.filter(desk=desk).delete()
    record(
        at=now,
        actor=by,
        action="agent taken off the desk",
        subject=agent.address,
        desk=desk,
        role=right,
        teams=[team.name for team in teams],
        roles=roles,
        named_reader=bool(named),
        named_auditor=bool(audited),
    )
