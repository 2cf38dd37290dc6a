"""What became of a call: the numbers, large enough to be read out, and what is held."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upheld.mailboxes.horizon import moment
from upheld.policy import Metric
from upheld.rules.permissions import Act, NotAllowed, allowed
from upheld.tickets.actions import Refused, admit_request
from upheld.tickets.models import HeldRequest, HeldState, Ticket
from upheld.tickets.visibility import visible_held_requests, visible_tickets
from upheld.web.agent.acts import typed
from upheld.web.portal.presenting.promises import stored_due
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

MOST_SHOWN = 10


@require_safe
@for_agents
def taken(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Show the numbers of a call's tickets, and what of it is held."""
    return _page(request, workplace, request.GET.getlist("t"), request.GET.getlist("held"))


@require_POST
@for_agents
def admit(request: HttpRequest, workplace: Workplace, held_id: int) -> HttpResponse:
    """Admit what was held, with a reason, while the caller is still on the line."""
    held = visible_held_requests(workplace.viewer).filter(pk=held_id).first()
    if held is None:
        raise Http404
    try:
        ticket = admit_request(
            held.pk, workplace.agent, moment(held.desk_id, request.now), reason=typed(request, "reason")
        )
    except (Refused, NotAllowed) as problem:
        return _page(request, workplace, [], [str(held.pk)], problem=str(problem))
    messages.success(request, _("Admitted."))
    return redirect(f"{reverse('call_taken')}?t={ticket.number}")


def _page(
    request: HttpRequest, workplace: Workplace, numbers: list[str], held: list[str], problem: str = ""
) -> HttpResponse:
    times = Times(workplace.zone, request.now)
    tickets = visible_tickets(workplace.viewer).filter(
        number__in=[each.upper() for each in numbers[:MOST_SHOWN]]
    )
    ids = [int(each) for each in held[:MOST_SHOWN] if each.isascii() and each.isdigit() and len(each) < 18]
    requests = visible_held_requests(workplace.viewer).filter(pk__in=ids, state=HeldState.HELD)
    shown = [_told(each, times) for each in tickets.select_related("requester").order_by("pk")]
    waiting = [_held(each, workplace) for each in requests.order_by("pk")]
    if not shown and not waiting:
        raise Http404
    context = {"tickets": shown, "held": waiting, "problem": problem, "reason": typed(request, "reason")}
    return render(request, "web/agent/calls/taken.html", context, status=422 if problem else 200)


def _told(ticket: Ticket, times: Times) -> dict[str, object]:
    due = stored_due(ticket, Metric.first_response)
    return {"ticket": ticket, "due": times.when(due) if due else None}


def _held(held: HeldRequest, workplace: Workplace) -> dict[str, object]:
    role = workplace.viewer.roles[held.desk_id]
    return {"request": held, "may_admit": allowed(role, Act.admit_request)}
