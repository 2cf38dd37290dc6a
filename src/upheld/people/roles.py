"""Who fills the roles that a policy names."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from upheld.desks.models import Desk, PolicyVersion
from upheld.desks.policies import compiled
from upheld.people.models import Agent, RoleHolder, RotaMember
from upheld.people.rotas import away_among, rota_of_role
from upheld.policy import Policy
from upheld.rules.permissions import Role
from upheld.rules.role_holding import Case, Holding, who_fills, who_follows


def roles_filled(desk: Desk) -> frozenset[str]:
    """Return the ids of the roles that somebody on the desk fills who can sign in: by name, or as a member of a
    rota."""
    working = {"agent__user__is_active": True, "agent__memberships__desk": desk}
    held = RoleHolder.objects.filter(desk=desk, **working).values_list("role", flat=True)
    in_turn = RotaMember.objects.filter(rota__desk=desk, **working).values_list("rota__role", flat=True)
    return frozenset(held) | frozenset(in_turn)


def unfilled(desk: Desk, policy: Policy) -> tuple[str, ...]:
    """Return the ids of the policy's roles that nobody fills, neither by name nor through a rota, in the order of the
    policy: what is meant for them falls to the desk's administrators, which somebody should know."""
    filled = roles_filled(desk)
    return tuple(role for role in policy.roles if role not in filled)


def holders(desk_id: int, role: str, values: Mapping[str, str], at: datetime | None = None) -> list[Agent]:
    """Return who fills a role for a ticket, as `filled_by` does. A role that nobody fills falls to the desk's
    administrators."""
    return filled_by(desk_id, role, values, at) or administrators_of(desk_id)


def filled_by(desk_id: int, role: str, values: Mapping[str, str], at: datetime | None = None) -> list[Agent]:
    """Return who fills a role for a ticket with these values (`product`, `region`, `organization`), by their ids;
    nobody where nobody does.

    Where the desk has a rota for the role, it is whoever is on call at the instant `at`. Else `rules.role_holding` has
    the rule; who is there, and within their hours, is asked for that instant, and nobody counts as away without one.
    """
    rota = rota_of_role(desk_id, role, at) if at is not None else None
    if rota is not None and at is not None and (agent := rota.on_call(at)) is not None:
        return [agent]
    held = _held(desk_id, role)
    agents = {each.agent_id: each.agent for each in held}
    return [agents[id] for id in who_fills(map(holding_of, held), _case(desk_id, held, values, at))]


def in_line(desk_id: int, role: str, values: Mapping[str, str], at: datetime) -> list[Agent]:
    """Return everybody who is called for a role at an instant, one after the other.

    First who is on call and the members of the rota that follow, then whoever else fills the role for a ticket with
    these values, then the desk's leads, then its administrators. Who is away is passed over, unless nobody is there
    at all.
    """
    rota = rota_of_role(desk_id, role, at)
    held = _held(desk_id, role)
    agents = {each.agent_id: each.agent for each in held}
    following = [agents[id] for id in who_follows(map(holding_of, held), _case(desk_id, held, values, at))]
    leading = [*_on_the_desk(desk_id, Role.lead), *administrators_of(desk_id)]
    line = {each.pk: each for each in (*(rota.in_line(at) if rota else ()), *following, *leading)}
    away = away_among(line, at)
    return [each for each in line.values() if each.pk not in away] or list(line.values())


def _held(desk_id: int, role: str) -> list[RoleHolder]:
    held = RoleHolder.objects.filter(
        desk_id=desk_id, role=role, agent__user__is_active=True, agent__memberships__desk_id=desk_id
    )
    return list(held.select_related("agent__user").order_by("pk"))


def _case(desk_id: int, held: Iterable[RoleHolder], values: Mapping[str, str], at: datetime | None) -> Case:
    return Case(
        product=values.get("product", ""),
        region=values.get("region", ""),
        organization=values.get("organization", ""),
        absent=away_among((each.agent_id for each in held), at) if at else frozenset(),
        closed=_closed(desk_id, held, at),
    )


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


def _closed(desk_id: int, held: Iterable[RoleHolder], at: datetime | None) -> frozenset[str]:
    """The calendars of the policy in force that are closed then; one that it no longer has is not."""
    asked = {each.calendar for each in held if each.calendar}
    if at is None or not asked:
        return frozenset()
    in_force = PolicyVersion.objects.filter(desk_id=desk_id).in_force(at).values_list("pk", flat=True).first()
    calendars = compiled(in_force).calendars if in_force else {}
    return frozenset(name for name in asked & calendars.keys() if not calendars[name].is_open(at))


def administrators_of(desk_id: int) -> list[Agent]:
    """Return the administrators of a desk who can sign in, by their ids."""
    return _on_the_desk(desk_id, Role.administrator)


def _on_the_desk(desk_id: int, role: Role) -> list[Agent]:
    found = Agent.objects.filter(
        user__is_active=True, memberships__desk_id=desk_id, memberships__role=role.value
    )
    return list(found.select_related("user").order_by("pk"))
