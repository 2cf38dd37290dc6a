"""What the ticket page shows of who else is here, and how much of the ticket it shows."""

from dataclasses import dataclass
from typing import Any

from upheld.desks import present
from upheld.tickets.presence import present_at
from upheld.tickets.ticket_page import TicketPage
from upheld.web.agent.live.presence import Others
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace


@dataclass(frozen=True, slots=True)
class Fresh:
    """How much of a ticket the page shows: its story up to `seen`, its messages up to `last`; what has come since."""

    seen: int
    last: int
    new: int = 0
    all_own: bool = False
    changed: bool = False


def as_shown(page: TicketPage) -> Fresh:
    """Return how much of the ticket its page shows, as it is made."""
    return Fresh(page.ticket.last_seq, max((each.pk for each in page.messages), default=0))


def panel(page: TicketPage, workplace: Workplace, times: Times) -> Any:
    """Return what `web/agent/live/panel.html` shows."""
    ticket = page.ticket
    if not ticket.has_presences:
        return Others(ticket.number, ())
    found = present_at([ticket.pk], workplace.agent.pk, present.by_the_wall(times.now))
    return Others(ticket.number, tuple(found.get(ticket.pk, ())))
