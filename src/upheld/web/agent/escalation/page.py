"""More attention for one ticket: hand it over, work on it together, and who hears of it as time passes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upheld.desks.policy_documents import document_of
from upheld.people.models import Agent, Team
from upheld.policy.document import Document
from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.circle import Circle
from upheld.tickets.holding import holding
from upheld.tickets.models import Ticket
from upheld.tickets.particulars import known_values
from upheld.tickets.pen import fact_of
from upheld.tickets.ticket_page import TicketPage, ticket_page
from upheld.tickets.visibility import readers_of
from upheld.web.agent.escalation.panel import beside_of, held_tables
from upheld.web.agent.escalation.rungs import ladders
from upheld.web.agent.readers.reading import PAGE, note_reading
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents


@dataclass(frozen=True, slots=True)
class RoleNow:
    """A role of the policy, and who fills it now for this ticket; `is_filled` is unset where nobody does."""

    id: str
    label: str
    agents: Sequence[Agent]
    is_filled: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A hand-over of the policy: to a tier, or to people in a role."""

    id: str
    reason: str
    tier: str
    tier_label: str
    role: RoleNow | None
    joins: bool
    is_here: bool


@require_safe
@for_agents
def escalation(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    return shown(request, workplace, number)


def shown(
    request: HttpRequest,
    workplace: Workplace,
    number: str,
    *,
    unsent: Unsent | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or the page again with what could not be done. Absent and forbidden are the same."""
    page = ticket_page(workplace.viewer, number, request.now)
    if page is None:
        raise Http404
    note_reading(request, workplace, page.ticket, PAGE)
    context = _context(page, workplace, Times(workplace.zone, request.now))
    return render(
        request, "web/agent/escalation/page.html", context | {"unsent": unsent or Unsent()}, status=status
    )


def _context(page: TicketPage, workplace: Workplace, times: Times) -> dict[str, Any]:
    ticket = page.ticket
    document = document_of(ticket.later_version_id or ticket.policy_version_id)
    known = known_values(fact_of(row) for row in page.story if row.consequence_key is None)
    roles = _roles(page, known, times)
    names = {each.id: [agent.name for agent in each.agents] for each in roles}
    held = holding(ticket.received_at, page.story, page.policies, times.now)
    beside = beside_of(page, workplace, times)
    colleagues = list(_colleagues(ticket))
    taken = {each.agent_id for each in beside} | {ticket.assignee_id}
    role = workplace.viewer.roles.get(ticket.desk_id, Role.visitor)
    return {
        "ticket": ticket,
        "zone_name": times.zone_name,
        "tier": held.now.get("tier", ""),
        "team": held.now.get("team", ""),
        "offered": _offered(document, roles, known.get("tier", ""), page),
        "roles": roles,
        "unfilled": [each.label for each in roles if not each.is_filled],
        "tiers": [each for each in page.policy.choices.get("tiers", ()) if each.id != known.get("tier")],
        "teams": [each for each in _teams(ticket) if each.pk != ticket.team_id],
        "colleagues": [each for each in colleagues if each.pk != ticket.assignee_id],
        "to_ask": [each for each in colleagues if each.pk not in taken and each.pk != workplace.agent.pk],
        "beside": beside,
        "may_join": workplace.agent.pk not in taken,
        "ladders": ladders(page, times, lambda id: names.get(id, ())),
        "held": held_tables(held),
        "is_done": page.policy.status(page.standing.status).is_done,
        "may_hand_over": allowed(role, Act.hand_over),
        "may_work_together": allowed(role, Act.join_ticket),
        "reads_tier_times": allowed(role, Act.read_tier_times),
    }


def _roles(page: TicketPage, known: dict[str, str], times: Times) -> list[RoleNow]:
    circle = Circle(times.now)
    return [
        RoleNow(id, label, filling.agents, filling.is_filled)
        for id, label in page.policy.roles.items()
        for filling in [circle.filling(page.ticket, id, known, times.now)]
    ]


def _offered(document: Document, roles: Sequence[RoleNow], tier: str, page: TicketPage) -> list[Offered]:
    tiers = {each.id: each.label for each in page.policy.choices.get("tiers", ())}
    # Whoever has the ticket is nobody to bring in.
    now = {each.id: replace(each, agents=_others(each.agents, page.ticket)) for each in roles}
    return [
        Offered(
            id=each.id,
            reason=each.reason,
            tier=each.to_tier or "",
            tier_label=tiers.get(each.to_tier or "", ""),
            role=now.get(each.to_role or ""),
            joins=each.joins,
            is_here=bool(each.to_tier) and each.to_tier == tier,
        )
        for each in document.escalation.hand_overs
    ]


def _others(agents: Sequence[Agent], ticket: Ticket) -> Sequence[Agent]:
    return [each for each in agents if each.pk != ticket.assignee_id]


def _teams(ticket: Ticket) -> list[Team]:
    return list(Team.objects.filter(desk_id=ticket.desk_id).order_by("name", "pk"))


def _colleagues(ticket: Ticket) -> Sequence[Agent]:
    """Those to whom the ticket can go."""
    if ticket.restricted:
        return list(readers_of(ticket).order_by("user__name", "pk"))
    working = Agent.objects.filter(memberships__desk=ticket.desk_id, user__is_active=True)
    return list(working.select_related("user").order_by("user__name", "pk"))
