"""The watch list: everybody whom tickets wait for, what was promised first comes first; and those who are done."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from upheld.rules.permissions import Act
from upheld.tickets.third_parties import watched
from upheld.web.agent.outside.panel import wait_row
from upheld.web.navigation import may_somewhere
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

PAGE_SIZE, MOST_PAGES, LONGEST_SEARCH = 50, 1000, 200
LISTS = {"waiting": gettext_lazy("Waited for"), "over": gettext_lazy("Over")}


@require_safe
@for_agents
def watch_list(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Show one page of a list."""
    if not may_somewhere(workplace.viewer, Act.watch_third_party):
        raise Http404
    wanted = "over" if request.GET.get("list") == "over" else "waiting"
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    page = _page_number(request.GET.get("page", ""))
    start = (page - 1) * PAGE_SIZE
    waits = watched(workplace.viewer, text, over=wanted == "over").select_related(
        "ticket__desk", "ticket__assignee__user"
    )
    found = list(waits[start : start + PAGE_SIZE + 1])
    times = Times(workplace.zone, request.now)
    context = {
        "rows": [wait_row(each, times, workplace.zone) for each in found[:PAGE_SIZE]],
        "lists": [
            {"url": _url(name), "label": label, "is_current": name == wanted} for name, label in LISTS.items()
        ],
        "wanted": wanted,
        "list_label": LISTS[wanted],
        "text": text,
        "many_desks": len(workplace.desks) > 1,
        "zone_name": times.zone_name,
        "first_page": _url(wanted, text) if page > 1 else "",
        "next_page": _url(wanted, text, page + 1) if len(found) > PAGE_SIZE else "",
        "whole_list": _url(wanted),
    }
    return render(request, "web/agent/outside/watch.html", context)


def _page_number(text: str) -> int:
    known = text.isascii() and text.isdigit() and 0 < len(text) < 5
    return min(max(1, int(text)), MOST_PAGES) if known else 1


def _url(wanted: str, text: str = "", page: int = 1) -> str:
    said = {"list": wanted if wanted != "waiting" else "", "q": text, "page": page if page > 1 else ""}
    query = urlencode({name: value for name, value in said.items() if value})
    return reverse("watch_list") + (f"?{query}" if query else "")
