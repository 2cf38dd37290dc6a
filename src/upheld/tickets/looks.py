"""When agents last looked at tickets, by which a page marks what is new since."""

from collections.abc import Iterable
from datetime import datetime

from upheld.tickets.models import Ticket, TicketLook
from upheld.tickets.visibility import AgentViewer


def last_looks(viewer: AgentViewer, tickets: Iterable[Ticket]) -> dict[int, datetime]:
    """Return when `viewer` last looked at each of these tickets, by id; one that they never opened is not in it."""
    ids = [each.pk for each in tickets]
    looks = TicketLook.objects.filter(agent_id=viewer.agent_id, ticket_id__in=ids)
    return dict(looks.values_list("ticket_id", "at"))


def has_news(ticket: Ticket) -> bool:
    """Whether something happened on a ticket, as `ticket_page` returns it, since its viewer last looked."""
    return ticket.looked_at is None or ticket.updated_at > ticket.looked_at
