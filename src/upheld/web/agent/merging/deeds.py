"""What an agent does about a merge that was made."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from upheld.people.models import Agent
from upheld.tickets import actions
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.web.agent.acts import act


@act("unmerge")
def unmerge(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    """Take back that this ticket is part of another."""
    row = actions.undo_merge(ticket.pk, agent, moment)
    said = {"number": ticket.number, "other": row.survivor.number}
    return _("%(number)s goes on by itself again; %(other)s has lost what came from it.") % said
