"""Keep that somebody looked at a restricted ticket."""

from datetime import datetime

from upheld.people.models import Agent
from upheld.tickets.models import Reading, Ticket


def log_reading(
    ticket: Ticket, what: str, now: datetime, *, agent: Agent | None = None, contact_id: int | None = None
) -> None:
    """Write who read what of a restricted ticket, before they are shown it; of others nothing is kept."""
    if ticket.restricted:
        Reading.objects.create(ticket=ticket, agent=agent, contact_id=contact_id, at=now, what=what[:60])
