"""Solving a problem: what all of its customers read, and what becomes of their tickets."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.policy import Policy
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets.actions import Refused, solve_problem
from upheld.tickets.models import Ticket
from upheld.tickets.problems import audience, statuses_of_affected
from upheld.tickets.versions import policy_of
from upheld.web.agent.acts import typed
from upheld.web.agent.problems.guard import find_problem, ids
from upheld.web.agent.problems.telling import latest
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace, for_agents


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def solve(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Ask what all shall read and which status their tickets get; then do it, or the problem alone."""
    problem = find_problem(workplace, number, Act.broadcast)
    if request.method != "POST":
        return _page(request, workplace, problem, Unsent(typed={"status": request.GET.get("status", "")}))
    alone = typed(request, "do") == "alone"
    given = {name: typed(request, name) for name in ("text", "status", "resolves")}
    try:
        if not alone and not given["text"].strip():
            raise Refused(_("Write what all of them shall read, or resolve the problem alone."))
        solve_problem(
            problem.pk,
            workplace.agent,
            given["status"],
            moment(problem.desk_id, request.now),
            text="" if alone else given["text"],
            resolves="" if alone else given["resolves"],
            after=next(iter(ids([typed(request, "after")])), None),
        )
    except (Refused, NotAllowed) as why:
        return _page(request, workplace, problem, Unsent(why=str(why), typed=given))
    if alone:
        said = _("Solved. Its tickets stay as they are, and owe updates of their own again.")
    else:
        said = _("Solved. Its customers are told, ticket by ticket.")
    messages.success(request, said)
    return redirect("ticket", problem.number)


def _page(request: HttpRequest, workplace: Workplace, problem: Ticket, unsent: Unsent) -> HttpResponse:
    policy = policy_of(problem)
    done = [each for each in policy.statuses if each.is_done]
    moves = policy.moves(problem.status)
    context = {
        "ticket": problem,
        "reached": audience(workplace.viewer, problem.pk),
        "ends": [each for each in done if each.id in moves],
        "statuses": [_status(workplace, problem, policy, each.id) for each in done],
        "signature": workplace.agent.signature or workplace.agent.name,
        "after": latest(problem),
        "unsent": unsent,
    }
    return render(request, "web/agent/problems/solve.html", context, status=422 if unsent.why else 200)


def _status(workplace: Workplace, problem: Ticket, policy: Policy, id: str) -> dict[str, Any]:
    """A status that the tickets may get, and how many of the open ones cannot get it from where they are."""
    where = statuses_of_affected(workplace.viewer, problem.pk)
    stuck = sum(
        count
        for status, count in where.items()
        if policy.has_status(status) and id not in policy.moves(status)
    )
    return {"status": policy.status(id), "stuck": stuck}
