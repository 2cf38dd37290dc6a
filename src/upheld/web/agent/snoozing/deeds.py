"""Putting a ticket off, and waking it, from its own page."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upheld.rules.permissions import NotAllowed
from upheld.rules.put_off import read_instant
from upheld.tickets import actions
from upheld.tickets.models import Ticket
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.acts import typed
from upheld.web.agent.next_ticket import list_address, list_of, next_in_list, ticket_address
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents


@require_POST
@for_agents
def snooze(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Put it off, and go on with the next ticket of the list from which it was opened."""
    ticket = _find(workplace, number)
    goes_on = next_in_list(request, workplace, ticket) or list_address(request)
    try:
        until = _until(request, workplace)
        actions.snooze(ticket.pk, workplace.agent, until, request.now)
    except (actions.Refused, NotAllowed) as problem:
        messages.error(request, str(problem))
        return redirect(ticket_address(ticket.number, list_of(request)))
    said = {"number": ticket.number, "at": Times(workplace.zone, request.now).when(until).text}
    messages.success(request, _("%(number)s is snoozed until %(at)s. Its clocks run on.") % said)
    return redirect(goes_on)


@require_POST
@for_agents
def wake(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Take it back into one's lists."""
    ticket = _find(workplace, number)
    if actions.end_snooze(ticket.pk, workplace.agent, request.now):
        messages.success(request, _("%(number)s is back in your lists.") % {"number": ticket.number})
    return redirect(ticket_address(ticket.number, list_of(request)))


def _until(request: HttpRequest, workplace: Workplace) -> datetime:
    """The offer that was pressed, or the date and time that were chosen."""
    try:
        offered = datetime.fromisoformat(typed(request, "until"))
    except ValueError:
        offered = None
    at = offered if offered and offered.tzinfo else read_instant(typed(request, "at"), workplace.zone)
    if at is None:
        raise actions.Refused(_("Choose a date and a time first."))
    return at


def _find(workplace: Workplace, number: str) -> Ticket:
    ticket = visible_tickets(workplace.viewer).filter(number=number.upper()).first()
    if ticket is None:
        raise Http404
    return ticket
