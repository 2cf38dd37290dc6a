"""Saying on a ticket which problem it has, and using what helps in a reply."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upheld.mailboxes.horizon import moment
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets.actions import Refused, join_problem
from upheld.tickets.problems import open_problems, problem_of
from upheld.web.agent.acts import typed
from upheld.web.agent.problems.guard import find_ticket
from upheld.web.agent.ticket import ticket_context
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

MOST_LISTED = 100


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def problem_of_ticket(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """The open problems of the ticket's desk, to choose the one that it has."""
    ticket = find_ticket(workplace, number, Act.change_problem)
    known, why = open_problems(workplace.viewer, ticket.desk_id), ""
    if request.method == "POST":
        chosen = known.filter(number=typed(request, "problem").strip().upper()).first()
        try:
            if chosen is None:
                raise Refused(_("Choose one of the open problems."))
            join_problem(chosen.pk, workplace.agent, [ticket.pk], moment(ticket.desk_id, request.now))
        except (Refused, NotAllowed) as problem:
            why = str(problem)
        else:
            said = {"number": chosen.number}
            messages.success(
                request, _("Its customer is told together with the others of %(number)s.") % said
            )
            return redirect("ticket", ticket.number)
    times = Times(workplace.zone, request.now)
    context = {
        "ticket": ticket,
        "problems": [
            {"ticket": each, "opened": times.when(each.received_at)} for each in known[:MOST_LISTED]
        ],
        "why": why,
    }
    return render(request, "web/agent/problems/choose.html", context, status=422 if why else 200)


@require_safe
@for_agents
def workaround_in_reply(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """The ticket's page with the workaround in the reply that is being written. Nothing is sent."""
    ticket = find_ticket(workplace, number, Act.reply)
    problem = problem_of(workplace.viewer, ticket)
    if problem is None or not problem.workaround:
        raise Http404
    unsent = Unsent(form="reply", typed={"text": problem.workaround})
    return render(request, "web/agent/ticket.html", ticket_context(request, workplace, number, unsent))
