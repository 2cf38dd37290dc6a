"""Who can read this ticket, why, and who has."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld.rules.permissions import Act, allowed
from upheld.tickets.audience import audience_of, could_read
from upheld.tickets.models import Ticket
from upheld.tickets.visibility import role_of, visible_tickets
from upheld.web.agent.readers.reading import READERS, note_reading
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.audience import outsiders, reader_rows, reading_rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

A_PAGE = 50


@require_safe
@for_agents
def readers(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    ticket = find_ticket(workplace, number)
    note_reading(request, workplace, ticket, READERS)
    return render(request, "web/agent/readers.html", readers_context(request, workplace, ticket, Unsent()))


def find_ticket(workplace: Workplace, number: str) -> Ticket:
    """The ticket of that number, where this agent may see it; otherwise it does not exist."""
    tickets = visible_tickets(workplace.viewer).select_related("desk", "requester", "organization")
    ticket = tickets.filter(number=number.upper()).first()
    if ticket is None:
        raise Http404
    return ticket


def readers_context(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, unsent: Unsent
) -> dict[str, Any]:
    """All that the page shows."""
    times, audience = Times(workplace.zone, request.now), audience_of(ticket)
    role = role_of(workplace.viewer, ticket)
    reading = {each.agent_id for each in audience.readers}
    readings = ticket.readings.select_related("agent__user", "contact").order_by("-at", "-id")
    page = Paginator(readings, A_PAGE).get_page(request.GET.get("page"))
    return {
        "ticket": ticket,
        "zone_name": times.zone_name,
        "readers": reader_rows(audience.readers, workplace.agent, times),
        "last_reader": len(audience.readers) == 1,
        "staff": audience.staff,
        "others": [each.agent for each in audience.staff if each.agent_id not in reading],
        "outsiders": outsiders(audience),
        "log": reading_rows(page.object_list, times),
        "pages": page,
        "may_name": allowed(role, Act.name_readers),
        "may_restrict": allowed(role, Act.restrict),
        "would_stay": could_read(ticket, workplace.agent),
        "unsent": unsent,
    }


def brief(ticket: Ticket) -> dict[str, str]:
    """What stands in one line on the ticket's own page."""
    if not ticket.restricted:
        return {"words": _("Everybody on this desk can read this ticket.")}
    return {"words": _("Restricted: only its readers see this ticket, and each look at it is written down.")}
