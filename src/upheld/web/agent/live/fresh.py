"""What became of a ticket while its page is open: its head and side anew, and that there is more to read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upheld.tickets.models import Ticket
from upheld.tickets.visibility import AgentViewer, visible_messages, visible_tickets
from upheld.web.agent.live.panel import Fresh
from upheld.web.agent.ticket import ticket_context
from upheld.web.viewer import Workplace, for_agents


@require_safe
@for_agents
def fresh(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Answer nothing where the page is as it was. Of a restricted ticket only that it has changed: what is shown of
    that is written down, and an open page is not a look."""
    found = visible_tickets(workplace.viewer).filter(number=number.upper())
    ticket = found.only("pk", "number", "last_seq", "restricted").first()
    if ticket is None:
        raise Http404
    seen, last = _number(request, "seen"), _number(request, "last")
    if ticket.last_seq == seen:
        return HttpResponse(status=204)
    since = _since(workplace.viewer, ticket, last, seen)
    if ticket.restricted:
        return render(request, "web/agent/live/fresh.html", {"fresh": since, "ticket": ticket})
    context = ticket_context(request, workplace, ticket.number) | {"fresh": since, "out_of_band": True}
    return render(request, "web/agent/live/refreshed.html", context)


def _since(viewer: AgentViewer, ticket: Ticket, last: int, seen: int) -> Fresh:
    authors = visible_messages(viewer, ticket).filter(pk__gt=last).values_list("agent_id", flat=True)
    by = list(authors)
    own = bool(by) and all(each == viewer.agent_id for each in by)
    if ticket.restricted:
        # The page stays as it was until its reader asks.
        return Fresh(seen, last, len(by), own, changed=True)
    return Fresh(ticket.last_seq, last, len(by), own)


def _number(request: HttpRequest, name: str) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0
