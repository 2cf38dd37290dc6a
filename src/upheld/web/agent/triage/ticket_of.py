"""The ticket of an address, as this agent may see it."""

from django.http import Http404, HttpRequest

from upheld.rules.permissions import Act, allowed
from upheld.tickets.ticket_page import TicketPage, ticket_page
from upheld.tickets.visibility import role_of
from upheld.web.viewer import Workplace


def page_for(request: HttpRequest, workplace: Workplace, number: str, act: Act) -> TicketPage:
    """Return the page of a ticket on which the agent may do this; absent and forbidden look alike."""
    page = ticket_page(workplace.viewer, number, request.now)
    if page is None or not allowed(role_of(workplace.viewer, page.ticket), act):
        raise Http404
    return page
