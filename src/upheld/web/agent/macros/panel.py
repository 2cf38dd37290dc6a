"""What the ticket page shows of the macros to choose from."""

from collections.abc import Mapping, Sequence
from typing import Any

from upheld.tickets.ticket_page import TicketPage
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace


def panel(page: TicketPage, workplace: Workplace, times: Times) -> Sequence[Mapping[str, Any]]:
    """Return the macros that the agent may run here, by name."""
    return () if page.ticket.merged_into_id is not None else page.ticket.macros
