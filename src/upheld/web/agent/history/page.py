"""What happened to a ticket, by day: all of it, what was said, or what moved its clocks."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upheld.tickets.ticket_page import ticket_page
from upheld.web.agent.readers.reading import PAGE, note_reading
from upheld.web.presenting.story_days import EVERYTHING, SHOWN, page_of
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

_MOST_PAGES = 10_000


@require_safe
@for_agents
def ticket_history(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    page = ticket_page(workplace.viewer, number, request.now, whole=False)
    if page is None:
        raise Http404
    note_reading(request, workplace, page.ticket, PAGE)
    times = Times(workplace.zone, request.now)
    shown = request.GET.get("show", EVERYTHING)
    shown = shown if shown in SHOWN else EVERYTHING
    asked = request.GET.get("page", "1")
    place = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    context = {
        "ticket": page.ticket,
        "zone_name": times.zone_name,
        "shown": shown,
        "kinds": SHOWN.items(),
        "history": page_of(page.story, page.policies, times, shown, min(max(place, 1), _MOST_PAGES)),
    }
    return render(request, "web/agent/history/page.html", context)
