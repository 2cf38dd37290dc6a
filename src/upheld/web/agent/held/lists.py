"""The lists of held requests: what waits for a decision, due first, and what was decided, latest first."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from upheld.rules.permissions import Act
from upheld.tickets.held import DECIDED, DUE_FIRST, PAGE_SIZE, covered_now, visible_held
from upheld.tickets.models import HeldRequest, HeldState
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.held.guard import for_readers_of_held, may
from upheld.web.presenting.held import held_row
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

LISTS = {"waiting": gettext_lazy("Waiting for a decision"), "decided": gettext_lazy("Decided")}
MOST_PAGES = 1000


@require_safe
@for_readers_of_held
def held_list(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Show one page of a list."""
    wanted = "decided" if request.GET.get("list") == "decided" else "waiting"
    page = _page_number(request.GET.get("page", ""))
    start = (page - 1) * PAGE_SIZE
    found = list(_requests(workplace, wanted)[start : start + PAGE_SIZE + 1])
    requests = found[:PAGE_SIZE]
    covered = covered_now(requests, request.now) if wanted == "waiting" else {}
    times, numbers = Times(workplace.zone, request.now), _numbers(workplace, requests)
    context = {
        "rows": [
            (
                held_row(each, times, covered.get(each.pk), numbers.get(each.ticket_id or 0, "")),
                each.pk in covered and may(workplace, Act.admit_request, each),
            )
            for each in requests
        ],
        "lists": [
            {"url": _url(name, 1), "label": label, "is_current": name == wanted}
            for name, label in LISTS.items()
        ],
        "wanted": wanted,
        "list_label": LISTS[wanted],
        "many_desks": len(workplace.desks) > 1,
        "zone_name": times.zone_name,
        "first_page": _url(wanted, 1) if page > 1 else "",
        "next_page": _url(wanted, page + 1) if len(found) > PAGE_SIZE else "",
    }
    return render(request, "web/agent/held/list.html", context)


def _requests(workplace: Workplace, wanted: str) -> QuerySet[HeldRequest]:
    seen = visible_held(workplace.viewer).select_related(
        "desk", "contact", "organization", "decided_by__user"
    )
    seen = seen.prefetch_related("messages")
    if wanted == "decided":
        return seen.filter(state__in=DECIDED).order_by("-decided_at", "-pk")
    return seen.filter(state=HeldState.HELD).order_by(*DUE_FIRST)


def _numbers(workplace: Workplace, requests: list[HeldRequest]) -> dict[int, str]:
    """The numbers of the tickets that they became and that this agent may see."""
    ids = [each.ticket_id for each in requests if each.ticket_id]
    return dict(visible_tickets(workplace.viewer).filter(pk__in=ids).values_list("pk", "number"))


def _page_number(text: str) -> int:
    known = text.isascii() and text.isdigit() and 0 < len(text) < 5
    return min(max(1, int(text)), MOST_PAGES) if known else 1


def _url(wanted: str, page: int) -> str:
    return f"{reverse('held_requests')}?list={wanted}" + (f"&page={page}" if page > 1 else "")
