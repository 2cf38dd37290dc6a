"""What the ticket page shows of the side conversations."""

from typing import Any

from upheld.tickets.ticket_page import TicketPage
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace


def panel(page: TicketPage, workplace: Workplace, times: Times) -> dict[str, Any]:
    """Return what `web/agent/side/panel.html` shows."""
    return {}
