"""Macros: several changes and a reply in one step. What one is made of is in `rules.macro_steps`."""

from django.db.models import F, OuterRef, Q, QuerySet

from upheld.desks.models import Desk
from upheld.people.models import Agent, Team
from upheld.policy import Policy
from upheld.rules.macro_steps import Known
from upheld.tickets.models import CustomField, Macro


def macros_for(agent_id: int, desk_id: "int | OuterRef") -> QuerySet[Macro]:
    """Return what an agent may use on a desk: their own first, then the desk's, by name."""
    theirs = Macro.objects.filter(Q(agent=agent_id) | Q(agent=None), desk_id=desk_id)
    return theirs.order_by(F("agent_id").asc(nulls_last=True), "name", "pk")


def known_on(desk: Desk, policy: Policy) -> Known:
    """Return what a macro of a desk can name under a policy."""
    agents = Agent.objects.filter(memberships__desk=desk, user__is_active=True).order_by("pk")
    teams = Team.objects.filter(desk=desk).order_by("pk")
    fields = CustomField.objects.filter(desk=desk, retired_at=None).order_by("position", "pk")
    return Known(
        statuses={each.id: each.label for each in policy.statuses},
        priorities={each.id: each.label for each in policy.priorities},
        agents=tuple(agents.values_list("pk", flat=True)),
        teams=tuple(teams.values_list("pk", flat=True)),
        fields=tuple(fields.values_list("key", flat=True)),
    )
