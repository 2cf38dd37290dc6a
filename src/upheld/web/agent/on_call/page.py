"""A page, by the link in its letter: what it is about, who was called, and one button that acknowledges it.

The link proves that whoever follows it reads the mail of one agent, and does nothing else; looking changes nothing,
since programs follow links in mails.
"""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.tickets import paging
from upheld.tickets.actions import Refused, acknowledge_page, assign
from upheld.tickets.keys import page_of
from upheld.tickets.models import Page
from upheld.tickets.versions import versions_of
from upheld.tickets.visibility import AgentViewer, visible_tickets
from upheld.web.presenting.times import Times, length, read_as
from upheld.web.viewer import workplace_of


@dataclass(frozen=True, slots=True)
class Called:
    """A page, and whom the link of its address names."""

    page: Page
    agent: Agent


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show a page to whom it was sent; the POST acknowledges it."""
    called = _called(token)
    if called is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            _acknowledge(request, called)
        except (NotAllowed, Refused) as refused:
            problem = str(refused)
        else:
            return _bare(redirect("page", token))
    response = render(request, "web/agent/on_call/page.html", _context(request, called, problem))
    response.status_code = 422 if problem else 200
    return _bare(response)


def _bare(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _called(token: str) -> Called | None:
    """What a link names, as long as its agent works on the desk and may read the ticket."""
    named = page_of(token)
    if named is None:
        return None
    around = ("ticket__desk", "ticket__policy_version", "ended_by__user")
    found = Page.objects.filter(pk=named.page_id).select_related(*around).first()
    agent = Agent.objects.filter(pk=named.agent_id, user__is_active=True).select_related("user").first()
    if found is None or agent is None:
        return None
    seen = visible_tickets(AgentViewer.of(agent)).filter(pk=found.ticket_id)
    return Called(found, agent) if seen.exists() else None


def _acknowledge(request: HttpRequest, called: Called) -> None:
    ticket = called.page.ticket
    now = moment(ticket.desk_id, request.now)
    after = acknowledge_page(called.page.pk, called.agent, now)
    takes = request.POST.get("take") == "yes" and after.ended_by_id == called.agent.pk
    # The link proves a mailbox. To work on a ticket one signs in.
    if takes and _is_signed_in(request, called.agent):
        assign(ticket.pk, called.agent, called.agent, now)


def _is_signed_in(request: HttpRequest, agent: Agent) -> bool:
    workplace = workplace_of(request)
    return workplace is not None and workplace.agent.pk == agent.pk


def _context(request: HttpRequest, called: Called, problem: str) -> dict[str, Any]:
    with read_as(called.agent.hours_as):
        return _said(request, called, problem)


def _said(request: HttpRequest, called: Called, problem: str) -> dict[str, Any]:
    page, agent = called.page, called.agent
    ticket, times = page.ticket, Times(agent.zone or page.ticket.desk.zone, request.now)
    over = None if page.ended_at else paging.over_now(page, request.now)
    context: dict[str, Any] = {
        "page": page,
        "ticket": ticket,
        "me": agent,
        "problem": problem,
        "outcome": outcome(page, over, agent),
        "is_over": page.ended_at is not None or over is not None,
        "ended": times.optional(page.ended_at or (over.at if over else None)),
        "may_take": _is_signed_in(request, agent) and ticket.assignee_id != agent.pk,
        "zone_name": times.zone_name,
    }
    # Whoever finds the link learns nothing of a restricted ticket but its number.
    return context if ticket.restricted else context | _particulars(page, times, request)


def _particulars(page: Page, times: Times, request: HttpRequest) -> dict[str, Any]:
    ticket, due = page.ticket, page.ticket.next_due_at
    calls = page.calls.select_related("agent__user").order_by("place")
    policies = versions_of(ticket).policies
    known = next((each for each in policies if each.has_priority(ticket.priority)), None)
    return {
        "priority": known.priority(ticket.priority).label if known else ticket.priority,
        "due": times.optional(due),
        "left": length(due - request.now) if due else "",
        "is_overdue": due is not None and due <= request.now,
        "calls": [{"name": each.agent.name, "at": times.when(each.at)} for each in calls],
    }


def outcome(page: Page, over: paging.Over | None, reader: Agent | None) -> str:
    """How a page ended, in words; empty while it is under way."""
    because = page.ended_because or (over.because if over else "")
    match because:
        case "acknowledged" if reader is not None and page.ended_by_id == reader.pk:
            return _("You have it. Nobody else is called.")
        case "acknowledged":
            return _("%(name)s has it. Nobody else is called.") % {"name": page.ended_by}
        case "answered":
            return _("It is over: somebody has answered.")
        case "ticket_done":
            return _("It is over: the ticket is done.")
        case "not_needed":
            return _("It is over: the policy does not ask for it any more.")
    return ""
