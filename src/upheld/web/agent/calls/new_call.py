"""A call, entered while somebody is on the line: who rings, about what, and the number to read out to them."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from upheld.desks.models import Desk
from upheld.mailboxes.horizon import moment
from upheld.people.actions import find_or_add_caller
from upheld.people.affiliations import organizations_on
from upheld.people.models import Contact, Organization
from upheld.people.refused import CustomerRefused
from upheld.policy.document import Document
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets.actions import Refused
from upheld.tickets.callers import find_callers, open_tickets_of
from upheld.tickets.calls import Conversation, Outcome, take_call
from upheld.tickets.models import Ticket
from upheld.web.agent.acts import typed
from upheld.web.agent.calls.form import ProblemForm, problem_forms, problems
from upheld.web.agent.calls.guard import (
    chosen_contact,
    chosen_desk,
    chosen_organization,
    desks_for,
    document_in_force,
)
from upheld.web.agent.triage.lines import IN, OUT, directions, lines_for, read_call
from upheld.web.viewer import Workplace, for_agents


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def new_call(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """The form, the search for who is calling, and what becomes of the call."""
    desks = desks_for(workplace, Act.log_call)
    desk = chosen_desk(request, desks)
    if request.method != "POST" and request.htmx:
        return render(
            request, "web/agent/calls/parts/callers.html", callers(request, workplace, desk, "new_call")
        )
    document, contact = document_in_force(desk, request), chosen_contact(request, workplace, desk)
    given = {name: typed(request, name) for name in request.POST}
    forms = problem_forms(document, given, more="more" in given)
    if "enter" not in given:
        return _page(request, workplace, desks, desk, document, contact, forms)
    try:
        outcomes = _enter(request, workplace, desk, document, contact, forms)
    except (Refused, NotAllowed, CustomerRefused) as problem:
        return _page(request, workplace, desks, desk, document, contact, forms, str(problem))
    return redirect(f"{reverse('call_taken')}?{urlencode(_taken(outcomes))}")


def callers(request: HttpRequest, workplace: Workplace, desk: Desk, onward: str) -> dict[str, Any]:
    """What the search for a customer found; `onward` is the page on which one is chosen."""
    text = request.GET.get("q", "").strip()
    found = find_callers(workplace.viewer, desk.pk, text)
    return {
        "q": text,
        "of_desk": desk,
        "onward": reverse(onward),
        "callers": [caller(each) for each in found],
    }


def caller(contact: Contact) -> dict[str, Any]:
    """A customer as they are shown: what stands for an address is none."""
    return {
        "id": contact.pk,
        "name": contact.name,
        "address": contact.mail_address,
        "phone": contact.phone,
        "organizations": ", ".join(str(each) for each in contact.organizations.all()),
    }


def _enter(
    request: HttpRequest,
    workplace: Workplace,
    desk: Desk,
    document: Document,
    contact: Contact | None,
    forms: list[ProblemForm],
) -> list[Outcome]:
    call, line = read_call(request.POST, lines_for(document), workplace.zone, request.now)
    with transaction.atomic():
        who = contact or find_or_add_caller(
            typed(request, "phone"), typed(request, "name"), request.now, address=typed(request, "address")
        )
        tickets = open_tickets_of(workplace.viewer, desk.pk, who)
        conversation = Conversation(
            desk=desk,
            contact=who,
            call=call,
            channel=line,
            problems=problems(forms, tickets, document),
            organization=chosen_organization(request, desk),
        )
        return take_call(conversation, workplace.agent, moment(desk.pk, request.now))


def _taken(outcomes: list[Outcome]) -> list[tuple[str, str]]:
    return [
        ("t", each.number) if isinstance(each, Ticket) else ("held", str(each.pk))
        for each in dict.fromkeys(outcomes)
    ]


def _page(
    request: HttpRequest,
    workplace: Workplace,
    desks: list[Desk],
    desk: Desk,
    document: Document,
    contact: Contact | None,
    forms: list[ProblemForm],
    problem: str = "",
) -> HttpResponse:
    lines, text = lines_for(document), request.GET.get("q", "").strip()
    given = {name: typed(request, name) for name in request.POST}
    organizations = organizations_on(desk.pk, contact) if contact else []
    context = callers(request, workplace, desk, "new_call") | {
        "desks": desks,
        "caller": caller(contact) if contact else None,
        "organizations": organizations or _all_organizations(desk, contact),
        "tickets": open_tickets_of(workplace.viewer, desk.pk, contact) if contact else [],
        "lines": lines,
        "rings_in": IN in directions(lines),
        "rings_out": OUT in directions(lines),
        "forms": forms,
        "products": document.products,
        "priorities": document.priorities,
        "now": request.now.astimezone(ZoneInfo(workplace.zone)).strftime("%Y-%m-%dT%H:%M"),
        "given": given or _first_guess(text),
        "problem": problem,
        "has_more": "more" in given,
    }
    return render(request, "web/agent/calls/call.html", context, status=422 if problem else 200)


def _all_organizations(desk: Desk, contact: Contact | None) -> list[Organization]:
    """Of somebody who belongs to none, the agent may state any of the desk's; that makes them nobody's contact."""
    return list(Organization.objects.filter(desk=desk).order_by("name")[:200])


def _first_guess(text: str) -> dict[str, str]:
    """What was searched for and not found is most likely the new caller's own."""
    if not text:
        return {}
    if "@" in text:
        return {"address": text}
    return {"phone": text} if any(char.isdigit() for char in text) else {"name": text}
