"""Telling the customers of all tickets of a problem something: written, looked at, sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets.actions import Refused, broadcast
from upheld.tickets.models import Broadcast, Ticket
from upheld.tickets.problems import DONE, PAGE_SIZE, affected, audience
from upheld.web.agent.acts import typed
from upheld.web.agent.problems.guard import find_problem, ids
from upheld.web.viewer import Workplace, for_agents


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def tell(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """First it is shown to how many and as what they will read it, then it is sent."""
    problem = find_problem(workplace, number, Act.broadcast)
    if request.method != "POST":
        start = problem.problem.workaround if request.GET.get("workaround") else ""
        return _page(request, workplace, problem, {"text": start, "but": []})
    given = {
        "text": typed(request, "text"),
        "but_done": bool(typed(request, "but_done")),
        "but": ids(request.POST.getlist("but")),
    }
    if typed(request, "change"):
        return _page(request, workplace, problem, given)
    if not given["text"].strip():
        return _page(
            request, workplace, problem, given, _("The message is empty. Write what all of them shall read.")
        )
    if typed(request, "step") != "send":
        return _page(request, workplace, problem, given, look=True)
    try:
        broadcast(
            problem.pk,
            workplace.agent,
            given["text"],
            moment(problem.desk_id, request.now),
            but_done=given["but_done"],
            but=given["but"],
            after=next(iter(ids([typed(request, "after")])), 0),
        )
    except (Refused, NotAllowed) as why:
        return _page(request, workplace, problem, given, str(why))
    messages.success(request, _("Sent. It counts from now on, and is being written into every ticket."))
    return redirect("ticket", problem.number)


def latest(problem: Ticket) -> int:
    """The broadcast before the one that is being written: whoever presses Send twice sends once."""
    sent = Broadcast.objects.filter(problem=problem.pk).order_by("-pk")
    return sent.values_list("pk", flat=True).first() or 0


def _page(
    request: HttpRequest,
    workplace: Workplace,
    problem: Ticket,
    given: dict[str, Any],
    why: str = "",
    *,
    look: bool = False,
) -> HttpResponse:
    reached = audience(workplace.viewer, problem.pk)
    rows = affected(workplace.viewer, problem.pk).filter(ticket__merged_into=None)
    tickets = [
        each.ticket
        for each in rows.select_related("ticket__requester").order_by("ticket_id")[: PAGE_SIZE + 1]
    ]
    left_out = sum(
        each.pk in given["but"] and not (given.get("but_done") and each.status_category in DONE)
        for each in tickets
    )
    told = reached.all - left_out - (reached.done if given.get("but_done") else 0)
    context = {
        "ticket": problem,
        "given": given,
        "reached": reached,
        "told": told,
        "told_words": ngettext("%(count)s ticket", "%(count)s tickets", told) % {"count": told},
        "left_out": left_out,
        "tickets": tickets[:PAGE_SIZE],
        "more": max(0, reached.all - PAGE_SIZE),
        "signature": workplace.agent.signature or workplace.agent.name,
        "after": latest(problem),
        "why": why,
        "look": look,
    }
    return render(request, "web/agent/problems/broadcast.html", context, status=422 if why else 200)
