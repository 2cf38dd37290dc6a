"""Who asked, if it was somebody else: a search, or an address, and what becomes of who it was until now."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.people.affiliations import organizations_on
from upheld.people.models import Contact
from upheld.rules.permissions import Act, NotAllowed, allowed
from upheld.tickets import actions
from upheld.tickets.customers import visible_contacts
from upheld.tickets.models import Ticket
from upheld.tickets.visibility import role_of, visible_tickets
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.sections import read_id
from upheld.web.agent.readers.reading import PAGE, note_reading
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace, for_agents

MOST_FOUND = 10
_LONGEST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def change(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Look for somebody; make them the requester."""
    around = ("desk", "requester", "organization", "site", "contract")
    ticket = visible_tickets(workplace.viewer).select_related(*around).filter(number=number.upper()).first()
    if ticket is None or not allowed(role_of(workplace.viewer, ticket), Act.change_requester):
        raise Http404
    if request.method != "POST":
        return _page(request, workplace, ticket, Unsent())
    try:
        changed = actions.change_requester(
            ticket.pk,
            workplace.agent,
            _asker(request),
            moment(ticket.desk_id, request.now),
            keeps=typed(request, "before") != "out",
        )
    except (actions.Refused, NotAllowed) as problem:
        kept = {name: typed(request, name) for name in ("contact", "address", "name", "before")}
        status = 403 if isinstance(problem, NotAllowed) else 422
        return _page(request, workplace, ticket, Unsent("requester", str(problem), kept), status)
    messages.success(request, _("%(name)s is who asked now.") % {"name": changed.requester})
    return redirect("ticket", ticket.number)


def _asker(request: HttpRequest) -> actions.Asker:
    if chosen := read_id(typed(request, "contact")):
        return actions.Asker(contact_id=chosen)
    return actions.Asker(address=typed(request, "address"), name=typed(request, "name"))


def _page(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, unsent: Unsent, status: int = 200
) -> HttpResponse:
    note_reading(request, workplace, ticket, PAGE)
    text = request.GET.get("q", "").replace("\0", "").strip()[:_LONGEST]
    context: dict[str, Any] = {
        "ticket": ticket,
        "text": text,
        "found": _found(workplace, ticket, text),
        "unsent": unsent,
    }
    return render(request, "web/agent/requester/page.html", context, status=status)


def _found(workplace: Workplace, ticket: Ticket, text: str) -> list[dict[str, Any]]:
    """Whom these words may mean; without any, who takes part in the ticket already."""
    contacts = visible_contacts(workplace.viewer).exclude(pk=ticket.requester_id)
    if text:
        for word in text.split()[:5]:
            contacts = contacts.filter(Q(name__icontains=word) | Q(address__icontains=word))
    else:
        contacts = contacts.filter(participations__ticket=ticket, participations__removed_at=None)
    return [
        {"contact": each, "organizations": _organizations(ticket, each)}
        for each in contacts.order_by("name", "address", "pk")[:MOST_FOUND]
    ]


def _organizations(ticket: Ticket, contact: Contact) -> str:
    return ", ".join(each.name for each in organizations_on(ticket.desk_id, contact))
