"""Who fills the roles that a policy names."""

from collections.abc import Mapping

from upheld.desks.models import Desk
from upheld.people.models import Agent, RoleHolder
from upheld.rules.permissions import Role


def roles_filled(desk: Desk) -> frozenset[str]:
    """Return the ids of the roles that somebody on the desk fills who can sign in."""
    held = RoleHolder.objects.filter(desk=desk, agent__user__is_active=True, agent__memberships__desk=desk)
    return frozenset(held.values_list("role", flat=True))


def holders(desk_id: int, role: str, values: Mapping[str, str]) -> list[Agent]:
    """Return who fills a role for a ticket with these values (`product`, `region`), by their ids.

    Who fills it for just this product or region comes before who fills it for all. A role that nobody fills falls to
    the desk's administrators.
    """
    held = [
        each
        for each in RoleHolder.objects.filter(
            desk_id=desk_id, role=role, agent__user__is_active=True, agent__memberships__desk_id=desk_id
        ).select_related("agent__user")
        if each.product in ("", values.get("product", "")) and each.region in ("", values.get("region", ""))
    ]
    if held:
        closest = max(_closeness(each) for each in held)
        found = {each.agent_id: each.agent for each in held if _closeness(each) == closest}
        return [found[id] for id in sorted(found)]
    administrators = Agent.objects.filter(
        user__is_active=True, memberships__desk_id=desk_id, memberships__role=Role.administrator.value
    )
    return list(administrators.select_related("user").order_by("pk"))


def _closeness(holder: RoleHolder) -> int:
    return bool(holder.product) + bool(holder.region)
