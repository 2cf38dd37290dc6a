"""Acknowledge a page on its ticket's page."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from upheld.people.models import Agent
from upheld.tickets import actions
from upheld.tickets.models import Page, Ticket
from upheld.tickets.moment import Moment
from upheld.web.agent.acts import act, typed
from upheld.web.agent.on_call.page import outcome


@act("page")
def acknowledge(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment, *, page_id: int) -> str:
    if not Page.objects.filter(pk=page_id, ticket=ticket).exists():
        raise Http404
    page = actions.acknowledge_page(page_id, agent, moment)
    if typed(request, "take") == "yes" and page.ended_by_id == agent.pk:
        actions.assign(ticket.pk, agent, agent, moment)
        return _("You have it, and it is assigned to you. Nobody else is called.")
    return outcome(page, None, agent)
