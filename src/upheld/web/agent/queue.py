"""The queue: what is due next, first."""

import hashlib
from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from upheld.tickets import queries
from upheld.tickets.models import Ticket
from upheld.tickets.ticket_page import where_it_goes_on
from upheld.web.agent.bulk.bar import bar, kept
from upheld.web.agent.bulk.pending import pending_tickets
from upheld.web.agent.filters import Wanted
from upheld.web.agent.next_ticket import name_of
from upheld.web.agent.queues.beside import finding, lists_beside
from upheld.web.agent.queues.names import names_of
from upheld.web.presenting.queue import Row, rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents


@require_safe
@for_agents
def queue(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """The whole page; only its list when htmx asks; nothing at all when a poll has already seen this state."""
    wanted = Wanted.read(request.GET)
    times = Times(workplace.zone, request.now)
    page = _page(request, workplace, wanted)
    if wanted.is_number and not request.htmx and (meant := _meant(page.tickets, wanted.text)):
        return _to_the_one(request, workplace, meant)
    context = _list(request, workplace, wanted, page, times)
    goes_on = _goes_on(page, wanted)
    if request.htmx and request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    if request.htmx:
        return _fragment(request, workplace, wanted, context, goes_on=goes_on)
    return render(
        request, "web/agent/queue.html", context | _around(request, workplace, wanted, goes_on=goes_on)
    )


def list_again(
    request: HttpRequest,
    workplace: Workplace,
    wanted: Wanted,
    *,
    chosen: Collection[int] = (),
    status: int = 200,
) -> HttpResponse:
    """The list after something was asked of its tickets: with what is to be told, and as it was where that was refused:
    with those that were `chosen` and with what was typed."""
    page = _page(request, workplace, wanted)
    context = _list(request, workplace, wanted, page, Times(workplace.zone, request.now))
    context |= {"chosen": chosen, "kept": kept(request.POST)} | _around(
        request, workplace, wanted, goes_on=_goes_on(page, wanted)
    )
    if request.htmx:
        context |= {"out_of_band": True, "tells": True}
        return render(request, "web/agent/queue_answer.html", context, status=status)
    return render(request, "web/agent/queue.html", context, status=status)


def _page(request: HttpRequest, workplace: Workplace, wanted: Wanted) -> queries.QueuePage:
    narrowed = wanted.filter(workplace, request.now)
    return queries.queue(workplace.viewer, narrowed, request.now, after=wanted.cursor)


def _meant(tickets: list[Ticket], number: str) -> Ticket | None:
    """The ticket that bears a number, or the only one that somebody outside knows by it."""
    bears_it = (each for each in tickets if each.number == number.lstrip("#").upper())
    return next(bears_it, tickets[0] if len(tickets) == 1 else None)


def _to_the_one(request: HttpRequest, workplace: Workplace, meant: Ticket) -> HttpResponse:
    """To a ticket, or where that goes on."""
    end = where_it_goes_on(workplace.viewer, meant)
    if end is not None:
        said = {"number": meant.number, "into": end.number}
        messages.info(request, _("%(number)s was merged into %(into)s; this is where it goes on.") % said)
    return redirect("ticket", (end or meant).number)


def _fragment(
    request: HttpRequest, workplace: Workplace, wanted: Wanted, context: dict[str, Any], *, goes_on: bool
) -> HttpResponse:
    polled = "seen" in request.GET
    around = lists_beside if polled else finding
    beside = around(request, workplace, wanted, names_of(workplace), goes_on=goes_on)
    response = render(request, "web/agent/queue_answer.html", context | beside)
    if polled:
        return response
    return push_url(response, reverse("queue") + wanted.query())


def _goes_on(page: queries.QueuePage, wanted: Wanted) -> bool:
    return page.next_cursor is not None or bool(wanted.after)


def _state(listed: list[Row], pending: Collection[int]) -> str:
    whole = "\n".join(f"{row.id} {row.fingerprint} {row.id in pending}" for row in listed)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _list(
    request: HttpRequest, workplace: Workplace, wanted: Wanted, page: queries.QueuePage, times: Times
) -> dict[str, Any]:
    address, within = reverse("queue"), name_of(wanted)
    listed = rows(page.tickets, times, {desk.pk: desk.name for desk in workplace.desks}, within)
    pending = pending_tickets(request, workplace)
    return {
        "wanted": wanted,
        "seen": _state(listed, pending),
        "pending": pending,
        "in_list": within,
        "rows": listed,
        "zone_name": times.zone_name,
        "shows_desks": len(workplace.desks) > 1,
        "here": address + wanted.query(),
        "first_page": address + wanted.query(after="") if wanted.after else "",
        "next_page": address + wanted.query(after=page.next_cursor.text()) if page.next_cursor else "",
        "everywhere": address + wanted.query(list="all", after=""),
        "without_filter": address + Wanted(list=wanted.list).query(),
    }


def _around(request: HttpRequest, workplace: Workplace, wanted: Wanted, *, goes_on: bool) -> dict[str, Any]:
    names = names_of(workplace)
    offered = bar(workplace, Times(workplace.zone, request.now), names)
    return {"bar": offered} | finding(request, workplace, wanted, names, goes_on=goes_on)
