"""Say who fills a role that the desk's policy names."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.models import Agent, Organization, RoleHolder


class NotOnTheDesk(Exception):  # noqa: N818 - it reads as the sentence it is
    """Only somebody who answers on the desk can fill a role there."""


@transaction.atomic
def fill_role(
    desk: Desk,
    role: str,
    agent: Agent,
    *,
    product: str = "",
    region: str = "",
    organization: Organization | None = None,
    rank: int = 0,
    calendar: str = "",
    by: str,
    now: datetime,
) -> RoleHolder:
    """Let an agent fill a role, for all tickets or those of a product, region or organization; as a deputy where
    `rank` is above 0, in the hours of a calendar where one is given. Doing so again changes rank and hours at most.

    Raises NotOnTheDesk for somebody who does not answer there.
    """
    if not agent.memberships.filter(desk=desk).exists():
        raise NotOnTheDesk(str(NotOnTheDesk.__doc__))
    holder, is_new = RoleHolder.objects.select_for_update().get_or_create(
        desk=desk,
        role=role,
        agent=agent,
        product=product,
        region=region,
        organization=organization,
        defaults={"rank": rank, "calendar": calendar},
    )
    if is_new:
        _record("role filled", holder, by, now)
    elif (holder.rank, holder.calendar) != (rank, calendar):
        holder.rank, holder.calendar = rank, calendar
        holder.save(update_fields=["rank", "calendar"])
        _record("role changed", holder, by, now)
    return holder


@transaction.atomic
def clear_role(desk: Desk, role: str, agent: Agent, *, by: str, now: datetime) -> int:
    """Take a role from an agent, for every product, region and organization; return of how many it was."""
    held = list(RoleHolder.objects.filter(desk=desk, role=role, agent=agent))
    for holder in held:
        _record("role cleared", holder, by, now)
        holder.delete()
    return len(held)


@transaction.atomic
def clear_holder(desk: Desk, holder_id: int, *, by: str, now: datetime) -> RoleHolder | None:
    """Take one row away: one role, of one agent, for one product, region and organization. None where it is gone."""
    holder = RoleHolder.objects.filter(desk=desk, pk=holder_id).select_related("agent__user").first()
    if holder is not None:
        _record("role cleared", holder, by, now)
        holder.delete()
    return holder


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
        organization=holder.organization.name if holder.organization else "",
        rank=holder.rank,
        calendar=holder.calendar,
    )
