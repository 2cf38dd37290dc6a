"""Who fills the roles that a policy names."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from upheld.desks.models import Desk, PolicyVersion
from upheld.desks.policies import compiled
from upheld.people.models import Absence, Agent, RoleHolder
from upheld.rules.permissions import Role
from upheld.rules.role_holding import Case, Holding, who_fills


def roles_filled(desk: Desk) -> frozenset[str]:
    """Return the ids of the roles that somebody on the desk fills who can sign in."""
    held = RoleHolder.objects.filter(desk=desk, agent__user__is_active=True, agent__memberships__desk=desk)
    return frozenset(held.values_list("role", flat=True))


def holders(desk_id: int, role: str, values: Mapping[str, str], at: datetime | None = None) -> list[Agent]:
    """Return who fills a role for a ticket with these values (`product`, `region`, `organization`), by their ids.

    `rules.role_holding` has the rule; who is there, and within their hours, is asked for the instant `at`, and nobody
    counts as away without one. A role that nobody fills falls to the desk's administrators.
    """
    held = list(
        RoleHolder.objects.filter(
            desk_id=desk_id, role=role, agent__user__is_active=True, agent__memberships__desk_id=desk_id
        ).select_related("agent__user")
    )
    case = Case(
        product=values.get("product", ""),
        region=values.get("region", ""),
        organization=values.get("organization", ""),
        absent=_absent(held, at),
        closed=_closed(desk_id, held, at),
    )
    agents = {each.agent_id: each.agent for each in held}
    found = [agents[id] for id in who_fills(map(holding_of, held), case)]
    return found or _administrators(desk_id)


def holding_of(holder: RoleHolder) -> Holding:
    """Return the row as a value."""
    return Holding(
        agent_id=holder.agent_id,
        product=holder.product,
        region=holder.region,
        organization=str(holder.organization_id or ""),
        rank=holder.rank,
        calendar=holder.calendar,
    )


def _absent(held: Iterable[RoleHolder], at: datetime | None) -> frozenset[int]:
    if at is None:
        return frozenset()
    away = Absence.objects.filter(
        agent__in={each.agent_id for each in held}, starts_at__lte=at, ends_at__gt=at
    )
    return frozenset(away.values_list("agent_id", flat=True))


def _closed(desk_id: int, held: Iterable[RoleHolder], at: datetime | None) -> frozenset[str]:
    """The calendars of the policy in force that are closed then; one that it no longer has is not."""
    asked = {each.calendar for each in held if each.calendar}
    if at is None or not asked:
        return frozenset()
    in_force = PolicyVersion.objects.filter(desk_id=desk_id).in_force(at).values_list("pk", flat=True).first()
    calendars = compiled(in_force).calendars if in_force else {}
    return frozenset(name for name in asked & calendars.keys() if not calendars[name].is_open(at))


def _administrators(desk_id: int) -> list[Agent]:
    administrators = Agent.objects.filter(
        user__is_active=True, memberships__desk_id=desk_id, memberships__role=Role.administrator.value
    )
    return list(administrators.select_related("user").order_by("pk"))
