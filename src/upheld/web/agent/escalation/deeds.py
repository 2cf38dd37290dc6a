"""What an agent does to give a ticket more attention: each a POST, one action, and the ticket again - or back with what
was typed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upheld.desks.policy_documents import document_of
from upheld.mailboxes.horizon import moment
from upheld.people.models import Agent, Team
from upheld.policy.document import HandOverPart
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions
from upheld.tickets.actions import Goal
from upheld.tickets.models import Collaborator, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.acts import colleague, typed
from upheld.web.agent.escalation.page import shown
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace, for_agents

Deed = Callable[..., str]
View = Callable[..., HttpResponse]


def deed(form: str) -> Callable[[Deed], View]:
    """Make a view of a deed, which returns what to say when it is done. A refusal shows the page of the forms again."""

    def make(do: Deed) -> View:
        @require_POST
        @for_agents
        def view(request: HttpRequest, workplace: Workplace, number: str, **rest: int) -> HttpResponse:
            ticket = visible_tickets(workplace.viewer).filter(number=number.upper()).first()
            if ticket is None:
                raise Http404
            try:
                said = do(request, workplace.agent, ticket, moment(ticket.desk_id, request.now), **rest)
            except (actions.Refused, NotAllowed) as problem:
                kept = {name: typed(request, name) for name in request.POST if name != "csrfmiddlewaretoken"}
                name = f"{form}-{kept.get('by', '')}".rstrip("-")
                unsent = Unsent(form=name, why=str(problem), typed=kept)
                status = 403 if isinstance(problem, NotAllowed) else 422
                return shown(request, workplace, number, unsent=unsent, status=status)
            messages.success(request, said)
            if typed(request, "back") == "escalation":
                return redirect("escalation", ticket.number)
            return redirect(f"{reverse('ticket', args=[ticket.number])}#together-title")

        return view

    return make


@deed("hand-over")
def hand_over(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    """To somebody of the list, or as a hand-over of the policy says, with its reason where no other was typed."""
    part = _part(ticket, typed(request, "by"))
    reason = typed(request, "reason").strip() or (part.reason if part else "")
    goal = _goal(ticket, typed(request, "goal"), part)
    if part is not None and part.to_role is not None and typed(request, "how") == "join":
        if goal.agent is None:
            raise actions.Refused(_("Choose one of the desk's agents."))
        actions.join_ticket(ticket.pk, agent, goal.agent, moment, role=part.to_role, reason=reason)
        return _("%(name)s works on it together with you now, and is told.") % {"name": goal.agent}
    actions.hand_over(ticket.pk, agent, goal, reason, moment)
    return _("Handed over; who takes it on is told. Its times go on as they were.")


@deed("join")
def join(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    actions.join_ticket(ticket.pk, agent, agent, moment, reason=typed(request, "reason"))
    return _("You work on it together now, and hear when the customer writes.")


@deed("ask")
def ask(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    """Ask a colleague; the value of a choice names them, and the role in which they are asked."""
    chosen, _colon, role = typed(request, "who").partition(":")
    who = colleague(ticket, chosen)
    if who is None:
        raise actions.Refused(_("Choose one of the desk's agents."))
    actions.join_ticket(ticket.pk, agent, who, moment, role=role, reason=typed(request, "reason"))
    return _("%(name)s works on it together with you now, and is told.") % {"name": who}


@deed("leave")
def leave(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment, *, agent_id: int) -> str:
    who = _working_on_it(ticket, agent_id)
    actions.leave_ticket(ticket.pk, agent, who, moment)
    if who.pk == agent.pk:
        return _("You work on it no more.")
    return _("%(name)s works on it no more.") % {"name": who}


def _working_on_it(ticket: Ticket, agent_id: int) -> Agent:
    """Who works on it, or did: somebody who left the desk can be taken out all the same."""
    rows = Collaborator.objects.filter(ticket=ticket, agent_id=agent_id).select_related("agent__user")
    row = rows.order_by("-pk").first()
    if row is None:
        raise actions.Refused(_("They do not work on this ticket."))
    return row.agent


def _part(ticket: Ticket, id: str) -> HandOverPart | None:
    if not id:
        return None
    document = document_of(ticket.later_version_id or ticket.policy_version_id)
    found = next((each for each in document.escalation.hand_overs if each.id == id), None)
    if found is None:
        raise actions.Refused(_("The policy has no such hand-over any more. Choose another."))
    return found


def _goal(ticket: Ticket, chosen: str, part: HandOverPart | None) -> Goal:
    """Read where a ticket goes: `tier:…`, `team:…` or `agent:…`; a hand-over of the policy to a tier says it itself."""
    by = part.id if part else ""
    if part is not None and part.to_tier is not None:
        return Goal(tier=part.to_tier, by=by)
    kind, _colon, id = chosen.partition(":")
    match kind:
        case "tier":
            return Goal(tier=id, by=by)
        case "team":
            return Goal(team=_team(ticket, id), by=by)
        case "agent":
            return Goal(agent=colleague(ticket, id), role=(part.to_role or "") if part else "", by=by)
    raise actions.Refused(_("Choose a tier, a team or an agent first."))


def _team(ticket: Ticket, id: str) -> Team:
    known = id.isascii() and id.isdigit() and len(id) < 18
    found = Team.objects.filter(desk_id=ticket.desk_id, pk=id).first() if known else None
    if found is None:
        raise actions.Refused(_("That is no team of this desk. Choose one of the list."))
    return found
