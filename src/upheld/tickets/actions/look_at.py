"""Note that an agent looks at a ticket."""

from datetime import datetime

from upheld.tickets.models import TicketLook


def look_at(ticket_id: int, agent_id: int, now: datetime) -> None:
    """Keep the latest look of each agent at each ticket; an earlier one is forgotten."""
    TicketLook.objects.bulk_create(
        [TicketLook(ticket_id=ticket_id, agent_id=agent_id, at=now)],
        update_conflicts=True,
        unique_fields=["ticket", "agent"],
        update_fields=["at"],
    )
