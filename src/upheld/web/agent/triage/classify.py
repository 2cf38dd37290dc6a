"""The priority by the policy's own criteria: asked, proposed with the sentence that decided it, and given."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets import actions
from upheld.tickets.supposing import suppose
from upheld.tickets.ticket_page import TicketPage
from upheld.web.agent.acts import typed
from upheld.web.agent.triage.criteria import criteria
from upheld.web.agent.triage.moves import moves
from upheld.web.agent.triage.panel import governing_document
from upheld.web.agent.triage.ticket_of import page_for
from upheld.web.presenting.naming import asked
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def classify(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Show the criteria and what the answers come to, or give the ticket the priority that was proposed."""
    page = page_for(request, workplace, number, Act.set_priority)
    context = _context(request, workplace, page)
    proposed = context["criteria"].proposed
    if "assign" not in request.POST:
        part = request.htmx and request.method == "POST"
        template = "web/agent/triage/parts/proposed.html" if part else "web/agent/triage/classify.html"
        return render(request, template, context)
    if proposed is None:
        context["problem"] = _("Answer at least one of the questions first.")
        return render(request, "web/agent/triage/classify.html", context, status=422)
    ticket = page.ticket
    try:
        actions.set_priority(
            ticket.pk,
            workplace.agent,
            proposed.priority,
            moment(ticket.desk_id, request.now),
            reason=proposed.because,
            tell_reason=typed(request, "tell") == "yes",
        )
    except (actions.Refused, NotAllowed) as problem:
        context["problem"] = str(problem)
        return render(request, "web/agent/triage/classify.html", context, status=422)
    messages.success(request, _("Priority set to %(label)s.") % {"label": proposed.label})
    return redirect("ticket", ticket.number)


def _context(request: HttpRequest, workplace: Workplace, page: TicketPage) -> dict[str, Any]:
    given = {name: typed(request, name) for name in request.POST}
    found = criteria(governing_document(page.ticket), given)
    times = Times(workplace.zone, request.now)
    holds = page.policy.priority(page.standing.priority)
    changes = found.proposed is not None and found.proposed.priority != holds.id
    return {
        "ticket": page.ticket,
        "criteria": found,
        "holds": holds,
        "asked": asked(page.story, page.policies, page.ticket.requested_priority, holds.id),
        "changes": changes,
        "moves": moves(suppose(page.ticket, request.now, priority=found.proposed.priority), times)
        if found.proposed and changes
        else [],
        "tell": typed(request, "tell"),
    }
