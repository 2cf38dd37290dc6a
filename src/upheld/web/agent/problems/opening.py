"""Opening a problem, by itself or from a ticket that others have, too."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.desks.models import Desk
from upheld.mailboxes.horizon import moment
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets.actions import Refused, open_problem
from upheld.tickets.models import Ticket
from upheld.web.agent.acts import typed
from upheld.web.agent.calls.guard import chosen_desk, desks_for, document_in_force
from upheld.web.agent.problems.guard import find_ticket
from upheld.web.viewer import Workplace, for_agents


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def new_problem(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """The form, and the problem."""
    desks = desks_for(workplace, Act.change_problem)
    ticket = _ticket(request, workplace)
    desk = ticket.desk if ticket else chosen_desk(request, desks)
    if request.method != "POST":
        return _page(request, workplace, desk, ticket)
    document = document_in_force(desk, request)
    known = {each.id for each in document.products}
    product = typed(request, "product")
    try:
        opened = open_problem(
            desk,
            workplace.agent,
            typed(request, "subject"),
            typed(request, "text"),
            moment(desk.pk, request.now),
            priority=typed(request, "priority"),
            product=product if product in known else "",
            tickets=[ticket.pk] if ticket else [],
        )
    except (Refused, NotAllowed) as problem:
        return _page(request, workplace, desk, ticket, str(problem))
    messages.success(request, _("It is problem %(number)s.") % {"number": opened.number})
    return redirect("ticket", opened.number)


def _ticket(request: HttpRequest, workplace: Workplace) -> Ticket | None:
    number = request.POST.get("ticket") or request.GET.get("ticket") or ""
    return find_ticket(workplace, number[:40], Act.change_problem) if number else None


def _page(
    request: HttpRequest, workplace: Workplace, desk: Desk, ticket: Ticket | None, problem: str = ""
) -> HttpResponse:
    document = document_in_force(desk, request)
    given: dict[str, Any] = {
        "subject": ticket.subject if ticket else "",
        "product": ticket.product if ticket else "",
        "priority": ticket.priority if ticket else document.default_priority,
    }
    if request.method == "POST":
        given = {name: typed(request, name) for name in ("subject", "text", "product", "priority")}
    context = {
        "desks": desks_for(workplace, Act.change_problem),
        "of_desk": desk,
        "of_ticket": ticket,
        "products": document.products,
        "priorities": [each for each in document.priorities if not each.restricted],
        "given": given,
        "problem": problem,
    }
    return render(request, "web/agent/problems/new.html", context, status=422 if problem else 200)
