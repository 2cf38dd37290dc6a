"""Take over a stretch of a rota, or take that back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from upheld.desks.audit import record
from upheld.people.actions.keep_rota import demand_administrator, locked_rota
from upheld.people.models import Agent, Rota, RotaSwap
from upheld.people.staff import StaffRefused, agent_of, working_on


@transaction.atomic
def take_shift(
    rota_id: int, agent_id: int, *, starts_at: datetime, ends_at: datetime, by: Agent, now: datetime
) -> RotaSwap:
    """Let an agent take over from `starts_at` until just before `ends_at`, whoever's turn it is then.

    Everybody may take a stretch over themselves, an administrator may give it to anybody. Raises StaffRefused.
    """
    rota = locked_rota(rota_id)
    agent = agent_of(rota.desk, agent_id)
    if not working_on(rota.desk).filter(pk=agent.pk, user__is_active=True).exists():
        raise StaffRefused(_("%(name)s cannot sign in any more.") % {"name": agent.name})
    if agent.pk != by.pk:
        demand_administrator(by, rota.desk_id)
    if ends_at <= starts_at:
        raise StaffRefused(_("The end comes before the beginning. Choose the times again."))
    if ends_at <= now:
        raise StaffRefused(_("This stretch is over already. Choose one that is still to come."))
    # Who was on call until now was: what is past is not taken over.
    swap = RotaSwap.objects.create(
        rota=rota,
        agent=agent,
        starts_at=max(starts_at, now),
        ends_at=ends_at,
        made_at=now,
        made_by=by.address,
    )
    _record("shift taken over", swap, rota, by, now)
    return swap


@transaction.atomic
def give_shift_back(rota_id: int, swap_id: int, *, by: Agent, now: datetime) -> None:
    """Take a taking-over back: from now on, where it has begun. Who entered it may, and an administrator."""
    rota = locked_rota(rota_id)
    swap = RotaSwap.objects.filter(pk=swap_id, rota=rota).select_related("agent__user").first()
    if swap is None or swap.ends_at <= now:
        raise StaffRefused(_("This is over, or taken back already."))
    if swap.made_by != by.address:
        demand_administrator(by, rota.desk_id)
    _record("shift given back", swap, rota, by, now)
    if swap.starts_at < now:
        swap.ends_at = now
        swap.save(update_fields=["ends_at"])
    else:
        swap.delete()


def _record(action: str, swap: RotaSwap, rota: Rota, by: Agent, now: datetime) -> None:
    record(
        at=now,
        actor=f"{by.name} <{by.address}>",
        action=action,
        subject=rota.name,
        desk=rota.desk,
        agent=swap.agent.address,
        starts_at=swap.starts_at.isoformat(),
        ends_at=swap.ends_at.isoformat(),
    )
