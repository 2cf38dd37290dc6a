"""Who else has this ticket open: what the page says of itself every few seconds, and what it hears."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from upheld.desks import present
from upheld.tickets.actions import be_present, go_away
from upheld.tickets.presence import present_at
from upheld.web.viewer import Workplace, for_agents


@dataclass(frozen=True, slots=True)
class Others:
    """Who else has a ticket open; `number` is its own."""

    number: str
    people: tuple[object, ...]


@require_POST
@for_agents
def at_ticket(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Take note that the agent is here, is writing, or leaves; answer with who else is."""
    number = number.upper()
    if request.POST.get("leaves"):
        go_away(workplace.viewer, number)
        return HttpResponse(status=204)
    wall = present.by_the_wall(request.now)
    ticket = be_present(workplace.viewer, number, wall, writes=bool(request.POST.get("writes")))
    if ticket is None:
        raise Http404
    others = others_at(ticket.pk, ticket.number, workplace, request)
    return render(request, "web/agent/live/others.html", {"present": others})


def others_at(ticket_id: int, number: str, workplace: Workplace, request: HttpRequest) -> Others:
    """Return who else is at a ticket that the agent may read."""
    wall = present.by_the_wall(request.now)
    return Others(number, tuple(present_at([ticket_id], workplace.agent.pk, wall).get(ticket_id, ())))
