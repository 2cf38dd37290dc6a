"""Let somebody sign in, or not."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.models import Agent, User
from upheld.people.staff import (
    StaffRefused,
    administers_all_of,
    agent_of,
    lock_desk,
    refuse_without_administrator,
)


@transaction.atomic
def set_sign_in(desk_id: int, agent_id: int, *, wanted: bool, by: Agent, now: datetime) -> Agent:
    """Close an agent's account, or open it again: no sign-in, no rights, no mail, on any desk; nothing that they wrote
    is lost. The same again changes nothing.

    Raises StaffRefused for an agent of a desk that `by` does not administer, for oneself, and for the last
    administrator of any desk.
    """
    desk = lock_desk(desk_id)
    agent = agent_of(desk, agent_id)
    if agent.user.is_active == wanted:
        return agent
    if not administers_all_of(by, agent):
        raise StaffRefused(
            _("%(name)s works on other desks, too. Take them off this desk instead.") % {"name": agent.name}
        )
    if not wanted:
        _refuse_to_close(agent, by)
    User.objects.filter(pk=agent.user_id).update(is_active=wanted)
    agent.user.is_active = wanted
    record(
        at=now,
        actor=f"{by.name} <{by.address}>",
        action="user reactivated" if wanted else "user deactivated",
        subject=agent.address,
        desk=desk,
    )
    return agent


def _refuse_to_close(agent: Agent, by: Agent) -> None:
    if agent.pk == by.pk:
        raise StaffRefused(_("You would lock yourself out. Ask another administrator."))
    for desk in Desk.objects.select_for_update().filter(memberships__agent=agent).order_by("pk"):
        refuse_without_administrator(desk, agent)
