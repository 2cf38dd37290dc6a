"""Say who fills a role that the desk's policy names."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.models import Agent, RoleHolder


class NotOnTheDesk(Exception):  # noqa: N818 - it reads as the sentence it is
    """Only somebody who answers on the desk can fill a role there."""


@transaction.atomic
def fill_role(
    desk: Desk, role: str, agent: Agent, *, product: str = "", region: str = "", by: str, now: datetime
) -> RoleHolder:
    """Let an agent fill a role, for all tickets or those of a product or region; doing so again changes nothing.

    Raises NotOnTheDesk for somebody who does not answer there.
    """
    if not agent.memberships.filter(desk=desk).exists():
        raise NotOnTheDesk(str(NotOnTheDesk.__doc__))
    holder, is_new = RoleHolder.objects.get_or_create(
        desk=desk, role=role, agent=agent, product=product, region=region
    )
    if is_new:
        _record("role filled", holder, by, now)
    return holder


@transaction.atomic
def clear_role(desk: Desk, role: str, agent: Agent, *, by: str, now: datetime) -> int:
    """Take a role from an agent, for every product and region; return of how many it was."""
    held = list(RoleHolder.objects.filter(desk=desk, role=role, agent=agent))
    for holder in held:
        _record("role cleared", holder, by, now)
        holder.delete()
    return len(held)


def _record(action: str, holder: RoleHolder, by: str, now: datetime) -> None:
    record(
        at=now,
        actor=by,
        action=action,
        subject=holder.role,
        desk=holder.desk,
        agent=holder.agent.address,
        product=holder.product,
        region=holder.region,
    )
