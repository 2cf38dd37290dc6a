"""The lists of problems: those that are open, next due first, and those that are solved."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from upheld.rules.permissions import Act
from upheld.tickets.problems import PAGE_SIZE, listed
from upheld.web.navigation import may_somewhere
from upheld.web.presenting.queue import rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

LISTS = {"open": gettext_lazy("Open problems"), "solved": gettext_lazy("Solved problems")}
MOST_PAGES = 1000


@require_safe
@for_agents
def problems(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Show one page of a list."""
    if not may_somewhere(workplace.viewer, Act.read_problems):
        raise Http404
    wanted = "solved" if request.GET.get("list") == "solved" else "open"
    page = page_number(request.GET.get("page", ""))
    start = (page - 1) * PAGE_SIZE
    found = list(listed(workplace.viewer, solved=wanted == "solved")[start : start + PAGE_SIZE + 1])
    tickets, times = found[:PAGE_SIZE], Times(workplace.zone, request.now)
    shown = rows(tickets, times, {desk.pk: desk.name for desk in workplace.desks})
    context = {
        "rows": [
            {"row": row, "affects": ticket.affects, "told": times.optional(ticket.told_at)}
            for row, ticket in zip(shown, tickets, strict=True)
        ],
        "lists": [
            {"url": _url(name, 1), "label": label, "is_current": name == wanted}
            for name, label in LISTS.items()
        ],
        "wanted": wanted,
        "list_label": LISTS[wanted],
        "many_desks": len(workplace.desks) > 1,
        "zone_name": times.zone_name,
        "may_open": may_somewhere(workplace.viewer, Act.change_problem),
        "first_page": _url(wanted, 1) if page > 1 else "",
        "next_page": _url(wanted, page + 1) if len(found) > PAGE_SIZE else "",
    }
    return render(request, "web/agent/problems/list.html", context)


def page_number(text: str) -> int:
    """The page that an address asks for."""
    known = text.isascii() and text.isdigit() and 0 < len(text) < 5
    return min(max(1, int(text)), MOST_PAGES) if known else 1


def _url(wanted: str, page: int) -> str:
    return f"{reverse('problems')}?list={wanted}" + (f"&page={page}" if page > 1 else "")
