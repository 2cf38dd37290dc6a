"""What an agent does on a problem's own page: each a POST, one action, and the page again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upheld.mailboxes.horizon import moment
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets.actions import Refused, describe_workaround, set_status
from upheld.tickets.models import Ticket
from upheld.tickets.problems import DONE, affected
from upheld.tickets.versions import policy_of
from upheld.web.agent.acts import typed
from upheld.web.agent.problems.guard import find_problem
from upheld.web.agent.ticket import ticket_context
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace, for_agents


@require_POST
@for_agents
def workaround(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Keep what helps until it is solved."""
    problem = find_problem(workplace, number, Act.change_problem)
    try:
        describe_workaround(
            problem.pk, workplace.agent, typed(request, "text"), moment(problem.desk_id, request.now)
        )
    except (Refused, NotAllowed) as why:
        return _again(request, workplace, problem, "workaround", why)
    messages.success(request, _("Kept. It stands on the pages of all its tickets."))
    return redirect("ticket", problem.number)


@require_POST
@for_agents
def set_problem_status(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Set the status of a problem. One that ends the work on it first asks what becomes of its tickets."""
    problem = find_problem(workplace, number, Act.set_status)
    chosen, policy = typed(request, "status"), policy_of(problem)
    ends = policy.has_status(chosen) and policy.status(chosen).is_done
    if ends and problem.status_category not in DONE and _has_open_tickets(workplace, problem):
        return redirect(f"{reverse('solve_problem', args=[problem.number])}?status={chosen}")
    try:
        if not chosen:
            raise Refused(_("Choose a status first."))
        set_status(problem.pk, workplace.agent, chosen, moment(problem.desk_id, request.now))
    except (Refused, NotAllowed) as why:
        return _again(request, workplace, problem, "status", why)
    messages.success(request, _("Status set."))
    return redirect("ticket", problem.number)


def _has_open_tickets(workplace: Workplace, problem: Ticket) -> bool:
    with_it = affected(workplace.viewer, problem.pk)
    return with_it.exclude(ticket__status_category__in=DONE).exists()


def _again(
    request: HttpRequest, workplace: Workplace, problem: Ticket, form: str, why: Exception
) -> HttpResponse:
    kept = {name: typed(request, name) for name in request.POST if name != "csrfmiddlewaretoken"}
    unsent = Unsent(form=form, why=str(why), typed=kept)
    messages.error(request, str(why))
    context = ticket_context(request, workplace, problem.number, unsent)
    status = 403 if isinstance(why, NotAllowed) else 422
    return render(request, "web/agent/ticket.html", context, status=status)
