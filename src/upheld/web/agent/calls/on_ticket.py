"""Logging a call on a ticket's own page."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from upheld.people.models import Agent
from upheld.tickets import actions
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.web.agent.acts import act, typed
from upheld.web.agent.triage.lines import lines_for, read_call
from upheld.web.agent.triage.panel import governing_document


@act("call")
def log_call(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    """Enter a call with the customer of this ticket."""
    lines = lines_for(governing_document(ticket))
    zone = agent.zone or ticket.desk.zone
    call, line = read_call(request.POST, lines, zone, moment.at)
    actions.log_call(ticket.pk, agent, typed(request, "summary"), call, moment, channel=line)
    return _("The call is logged.")
