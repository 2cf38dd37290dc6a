"""Note that an agent is away."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.models import Absence, Agent
from upheld.people.staff import StaffRefused
from upheld.rules.one_line import one_line
from upheld.rules.permissions import Act, Role, allowed


@transaction.atomic
def enter_absence(
    agent: Agent, *, starts_at: datetime, ends_at: datetime, note: str = "", by: Agent, now: datetime
) -> Absence:
    """Enter an absence, from `starts_at` until just before `ends_at`: one's own, or that of somebody on a desk that
    one administers. Raises StaffRefused for one that ends before it starts, or is over."""
    _refuse_strangers(agent, by)
    if ends_at <= starts_at:
        raise StaffRefused(_("The last day comes before the first. Choose the days again."))
    if ends_at <= now:
        raise StaffRefused(_("This absence is over already. Enter one that is still to come."))
    absence = Absence.objects.create(
        agent=agent, starts_at=starts_at, ends_at=ends_at, note=one_line(note, 200)
    )
    _record("absence entered", absence, by, now)
    return absence


@transaction.atomic
def strike_absence(absence_id: int, *, by: Agent, now: datetime) -> None:
    """Take an absence away. Raises StaffRefused for that of somebody who is not one's own to administer."""
    absence = Absence.objects.select_related("agent__user").filter(pk=absence_id).first()
    if absence is None:
        raise StaffRefused(_("This absence does not exist any more."))
    _refuse_strangers(absence.agent, by)
    _record("absence struck", absence, by, now)
    absence.delete()


def _refuse_strangers(agent: Agent, by: Agent) -> None:
    if agent.pk == by.pk:
        return
    administered = [each.desk_id for each in by.memberships.all() if allowed(Role(each.role), Act.administer)]
    if not agent.memberships.filter(desk_id__in=administered).exists():
        raise StaffRefused(_("Choose somebody who works on a desk that you administer."))


def _record(action: str, absence: Absence, by: Agent, now: datetime) -> None:
    """On every desk where somebody stands in for them."""
    for desk in Desk.objects.filter(memberships__agent=absence.agent):
        record(
            at=now,
            actor=f"{by.name} <{by.address}>",
            action=action,
            subject=absence.agent.address,
            desk=desk,
            starts_at=absence.starts_at.isoformat(),
            ends_at=absence.ends_at.isoformat(),
        )
