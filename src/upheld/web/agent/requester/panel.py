"""What the ticket page shows of changing who asked."""

from upheld.tickets.ticket_page import TicketPage
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace


def panel(page: TicketPage, workplace: Workplace, times: Times) -> bool:
    """Whether `web/agent/requester/panel.html` offers it: a ticket whose story goes on elsewhere keeps who asked."""
    return page.ticket.merged_into_id is None
