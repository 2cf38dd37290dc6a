"""What a ticket is about: looked at before it is saved, so that nobody is surprised by a due time that moved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets import actions
from upheld.tickets.particulars import known_values
from upheld.tickets.pen import fact_of
from upheld.tickets.supposing import suppose
from upheld.tickets.ticket_page import TicketPage
from upheld.web.agent.acts import typed
from upheld.web.agent.triage.moves import moves
from upheld.web.agent.triage.panel import fields_of, governing_document
from upheld.web.agent.triage.ticket_of import page_for
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def about(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Show the fields with what the values chosen would move, or save them."""
    page = page_for(request, workplace, number, Act.set_field)
    context = _context(request, workplace, page)
    if request.method == "POST" and request.htmx and "save" not in request.POST:
        return render(request, "web/agent/triage/parts/moves.html", context)
    if "save" not in request.POST:
        return render(request, "web/agent/triage/about.html", context)
    ticket = page.ticket
    try:
        at = moment(ticket.desk_id, request.now)
        actions.set_fields(ticket.pk, workplace.agent, context["chosen"], at)
    except (actions.Refused, NotAllowed) as problem:
        context["problem"] = str(problem)
        return render(request, "web/agent/triage/about.html", context, status=422)
    messages.success(request, _("Saved; the due times follow it."))
    return redirect("ticket", ticket.number)


def _context(request: HttpRequest, workplace: Workplace, page: TicketPage) -> dict[str, Any]:
    facts = [fact_of(row) for row in page.story if row.consequence_key is None]
    known = known_values(facts)
    document = governing_document(page.ticket)
    chosen = {
        each.name: typed(request, each.name)
        for each in fields_of(document, known)
        if each.name in request.POST
    }
    changed = {name: value for name, value in chosen.items() if value != known.get(name, "")}
    times = Times(workplace.zone, request.now)
    return {
        "ticket": page.ticket,
        "fields": fields_of(document, known | chosen),
        "chosen": chosen,
        "moves": moves(suppose(page.ticket, request.now, fields=changed), times),
        "is_changed": bool(changed),
        "zone_name": times.zone_name,
    }
