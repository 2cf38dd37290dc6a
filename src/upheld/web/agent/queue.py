"""The queue: what is due next, first."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from upheld.people.models import Agent
from upheld.tickets import queries
from upheld.tickets.alerting import unread_alerts
from upheld.tickets.models import Ticket
from upheld.tickets.ticket_page import where_it_goes_on
from upheld.web.agent.filters import LISTS, Wanted
from upheld.web.navigation import note_unread
from upheld.web.presenting.queue import Row, rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SavedList:
    url: str
    label: str
    count: str
    is_current: bool


@require_safe
@for_agents
def queue(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """The whole page; only its list when htmx asks; nothing at all when a poll has already seen this state."""
    wanted = Wanted.read(request.GET)
    times = Times(workplace.zone, request.now)
    page = queries.queue(workplace.viewer, wanted.filter(), after=wanted.cursor)
    if wanted.is_number and not request.htmx and (meant := _meant(page.tickets, wanted.text)):
        return _to_the_one(request, workplace, meant)
    listed = rows(page.tickets, times, {desk.pk: desk.name for desk in workplace.desks})
    seen = _state(listed)
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = _list(wanted, listed, page, times, workplace) | {"seen": seen}
    if request.htmx:
        return _fragment(request, workplace, wanted, context)
    return render(request, "web/agent/queue.html", context | _around(request, workplace, wanted))


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
    request: HttpRequest, workplace: Workplace, wanted: Wanted, context: dict[str, Any]
) -> HttpResponse:
    saved = _saved_lists(workplace, wanted, request)
    response = render(request, "web/agent/queue_answer.html", context | saved)
    if "seen" in request.GET:
        return response
    return push_url(response, reverse("queue") + wanted.query())


def _state(listed: list[Row]) -> str:
    whole = "\n".join(row.fingerprint for row in listed)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _list(
    wanted: Wanted, listed: list[Row], page: queries.QueuePage, times: Times, workplace: Workplace
) -> dict[str, Any]:
    address = reverse("queue")
    return {
        "wanted": wanted,
        "list_label": LISTS[wanted.list],
        "rows": listed,
        "zone_name": times.zone_name,
        "shows_desks": len(workplace.desks) > 1,
        "here": address + wanted.query(),
        "first_page": address + wanted.query(after="") if wanted.after else "",
        "next_page": address + wanted.query(after=page.next_cursor.text()) if page.next_cursor else "",
        "everywhere": address + wanted.query(list="all", after=""),
        "without_filter": address + Wanted(list=wanted.list).query(),
    }


def _around(request: HttpRequest, workplace: Workplace, wanted: Wanted) -> dict[str, Any]:
    return {
        "statuses": _statuses(workplace, wanted),
        "priorities": _priorities(workplace, wanted),
        "assignees": _assignees(workplace, wanted),
    } | _saved_lists(workplace, wanted, request)


def _saved_lists(workplace: Workplace, wanted: Wanted, request: HttpRequest) -> dict[str, Any]:
    viewer = workplace.viewer
    counted = queries.count_each({**queries.queues(viewer, request.now), "unread": unread_alerts(viewer)})
    note_unread(request, counted.pop("unread"))
    saved = [
        SavedList(
            url=reverse("queue") + Wanted(list=name).query(),
            label=str(label),
            count=_count(counted.get(name)),
            is_current=name == wanted.list,
        )
        for name, label in LISTS.items()
    ]
    return {"saved_lists": saved, "overdue": _count(counted.get("overdue") or None)}


def _count(number: int | None) -> str:
    if number is None:
        return ""
    return f"{queries.COUNT_BOUND}+" if number > queries.COUNT_BOUND else str(number)


def _statuses(workplace: Workplace, wanted: Wanted) -> list[Choice]:
    known = {status.id: status.label for policy in workplace.policies for status in policy.statuses}
    return _choices(_("Any status"), known, wanted.status)


def _priorities(workplace: Workplace, wanted: Wanted) -> list[Choice]:
    known = {each.id: each.label for policy in workplace.policies for each in policy.priorities}
    return _choices(_("Any priority"), known, wanted.priority)


def _assignees(workplace: Workplace, wanted: Wanted) -> list[Choice]:
    colleagues = (
        Agent.objects.filter(memberships__desk__in=workplace.viewer.desk_ids)
        .exclude(pk=workplace.agent.pk)
        .distinct()
        .values_list("pk", "user__name", "user__email")
        .order_by("user__name", "pk")
    )
    known = {"me": _("Me"), "none": _("Nobody")}
    known |= {str(pk): name or email for pk, name, email in colleagues}
    return _choices(_("Anybody"), known, wanted.assignee)


def _choices(nothing: str, known: dict[str, str], chosen: str) -> list[Choice]:
    return [Choice("", nothing, not chosen)] + [
        Choice(value, label, value == chosen) for value, label in known.items()
    ]
