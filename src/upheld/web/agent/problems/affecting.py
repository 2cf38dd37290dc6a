"""Which tickets have a problem: the list, and adding to it by number or from a search."""

import re
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from upheld.mailboxes.horizon import moment
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets import queries
from upheld.tickets.actions import Refused, join_problem, leave_problem
from upheld.tickets.models import Affected, Ticket
from upheld.tickets.problems import DONE, PAGE_SIZE, affected, candidates
from upheld.tickets.visibility import AgentViewer, visible_tickets
from upheld.web.agent.acts import typed
from upheld.web.agent.problems.guard import find_problem, find_ticket, ids
from upheld.web.agent.problems.lists import page_number
from upheld.web.presenting.queue import rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

_BETWEEN = re.compile(r"[\s,;]+")


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def affected_tickets(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """The tickets of a problem, and a search for more of them."""
    act = Act.change_problem if request.method == "POST" else Act.read_problems
    problem = find_problem(workplace, number, act)
    if request.method != "POST":
        return _page(request, workplace, problem)
    try:
        chosen = _chosen(request, workplace)
        joined = join_problem(problem.pk, workplace.agent, chosen, moment(problem.desk_id, request.now))
    except (Refused, NotAllowed) as why:
        return _page(request, workplace, problem, str(why))
    count = len(joined)
    said = ngettext("%(count)s ticket more has it.", "%(count)s tickets more have it.", count)
    messages.success(request, said % {"count": count})
    return redirect("affected_tickets", problem.number)


@require_POST
@for_agents
def leave(request: HttpRequest, workplace: Workplace, number: str, ticket: str) -> HttpResponse:
    """Take a ticket out of a problem, from the page of either."""
    problem = find_problem(workplace, number, Act.change_problem)
    one = find_ticket(workplace, ticket, Act.change_problem)
    try:
        leave_problem(problem.pk, one.pk, workplace.agent, moment(problem.desk_id, request.now))
    except Affected.DoesNotExist:
        raise Http404 from None
    said = {"ticket": one.number, "problem": problem.number}
    messages.success(request, _("%(ticket)s does not have %(problem)s any more.") % said)
    back = "affected_tickets" if typed(request, "back") == "list" else "ticket"
    return redirect(back, problem.number if back == "affected_tickets" else one.number)


def _chosen(request: HttpRequest, workplace: Workplace) -> list[int]:
    """The tickets that were ticked, and those whose numbers were typed. Raises Refused for a number of none."""
    numbers = {each.upper() for each in _BETWEEN.split(typed(request, "numbers")[:4000]) if each}
    seen = visible_tickets(workplace.viewer)
    named = dict(seen.filter(number__in=numbers).values_list("number", "pk"))
    if unknown := sorted(numbers - named.keys()):
        raise Refused(
            _("There is no ticket “%(number)s” that you can see. Check the number.")
            % {"number": unknown[0][:40]}
        )
    chosen = [*named.values(), *ids(request.POST.getlist("ticket"))]
    if not chosen:
        raise Refused(_("Choose at least one ticket, or give its number."))
    return chosen


def _page(request: HttpRequest, workplace: Workplace, problem: Ticket, why: str = "") -> HttpResponse:
    times = Times(workplace.zone, request.now)
    page = page_number(request.GET.get("page", ""))
    start = (page - 1) * PAGE_SIZE
    with_it = affected(workplace.viewer, problem.pk)
    found = list(
        with_it.select_related("ticket__requester", "ticket__assignee__user").order_by("-joined_at", "-pk")[
            start : start + PAGE_SIZE + 1
        ]
    )
    text = request.GET.get("q", "").replace("\0", "")[:200]
    address = reverse("affected_tickets", args=[problem.number])
    context = {
        "ticket": problem,
        "affected": _rows([each.ticket for each in found[:PAGE_SIZE]], workplace, times),
        "count": with_it.count(),
        "may_change": problem.status_category not in DONE,
        "q": text,
        "found": _search(request, workplace, problem, times) if text.strip() else None,
        "numbers": typed(request, "numbers"),
        "chosen": ids(request.POST.getlist("ticket")),
        "why": why,
        "zone_name": times.zone_name,
        "first_page": address if page > 1 else "",
        "next_page": f"{address}?page={page + 1}" if len(found) > PAGE_SIZE else "",
    }
    return render(request, "web/agent/problems/affected.html", context, status=422 if why else 200)


def _search(
    request: HttpRequest, workplace: Workplace, problem: Ticket, times: Times
) -> Sequence[dict[str, Any]]:
    """Open tickets of the problem's desk that hold these words and have no problem yet."""
    viewer = workplace.viewer
    there = AgentViewer(
        viewer.agent_id,
        {problem.desk_id: viewer.roles[problem.desk_id]},
        {problem.desk_id: viewer.search_configurations[problem.desk_id]},
    )
    wanted = queries.QueueFilter(text=request.GET.get("q", "").replace("\0", "")[:200], category="open")
    page = queries.queue(there, wanted, request.now)
    fitting = set(
        candidates(
            there, visible_tickets(there).filter(pk__in=[each.pk for each in page.tickets])
        ).values_list("pk", flat=True)
    )
    return _rows([each for each in page.tickets if each.pk in fitting], workplace, times)


def _rows(tickets: Sequence[Ticket], workplace: Workplace, times: Times) -> list[dict[str, Any]]:
    shown = rows(tickets, times, {desk.pk: desk.name for desk in workplace.desks})
    return [{"row": row, "ticket": ticket} for row, ticket in zip(shown, tickets, strict=True)]
