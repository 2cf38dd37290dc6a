"""Say who sees the figures of a desk over all its tickets."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from upheld.desks.audit import record
from upheld.people.models import Agent, NamedAuditor
from upheld.people.staff import StaffRefused, agent_of, lock_desk


@transaction.atomic
def name_auditor(desk_id: int, agent_id: int, *, by: Agent, now: datetime) -> NamedAuditor:
    """Name an auditor; naming somebody again changes nothing. It opens no ticket to them: of those that they may not
    read they see how many there are. Raises StaffRefused for somebody who does not work on the desk."""
    desk = lock_desk(desk_id)
    agent = agent_of(desk, agent_id)
    acting = f"{by.name} <{by.address}>"
    named, is_new = NamedAuditor.objects.get_or_create(
        desk=desk, agent=agent, defaults={"added_at": now, "added_by": acting}
    )
    if is_new:
        record(at=now, actor=acting, action="auditor named", subject=agent.address, desk=desk)
    return named


@transaction.atomic
def strike_auditor(desk_id: int, agent_id: int, *, by: Agent, now: datetime) -> None:
    """Name somebody an auditor no more. Raises StaffRefused for somebody who is none."""
    desk = lock_desk(desk_id)
    named = NamedAuditor.objects.filter(desk=desk, agent_id=agent_id).select_related("agent__user").first()
    if named is None:
        raise StaffRefused(_("This person is no auditor of this desk."))
    named.delete()
    acting = f"{by.name} <{by.address}>"
    record(at=now, actor=acting, action="auditor struck", subject=named.agent.address, desk=desk)
