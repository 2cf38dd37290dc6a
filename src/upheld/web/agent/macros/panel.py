"""What the ticket page shows of the macros to choose from."""

from collections.abc import Sequence

from upheld.tickets.macros import macros_for
from upheld.tickets.models import Macro
from upheld.tickets.ticket_page import TicketPage
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

MOST_OFFERED = 200


def panel(page: TicketPage, workplace: Workplace, times: Times) -> Sequence[Macro]:
    """Return the macros that the agent may run here, by name; nothing is asked where the desk has none."""
    if not page.ticket.has_macros or page.ticket.merged_into_id is not None:
        return ()
    return list(
        macros_for(workplace.agent, page.ticket.desk_id).only("pk", "name", "agent_id")[:MOST_OFFERED]
    )
