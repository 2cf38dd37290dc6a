"""What the ticket page shows of the side conversations."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max

from upheld.tickets.models import SideConversation
from upheld.tickets.ticket_page import TicketPage
from upheld.web.presenting.times import Times, When
from upheld.web.viewer import Workplace


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation: with whom, about what, how many mails, and when the last one was."""

    id: int
    name: str
    address: str
    subject: str
    count: int
    last: When
    is_closed: bool


def panel(page: TicketPage, workplace: Workplace, times: Times) -> Sequence[Row]:
    """Return what `web/agent/side/panel.html` shows: those that go on first, the latest of them first."""
    if not page.ticket.has_sides:
        return ()
    sides = SideConversation.objects.filter(ticket=page.ticket).annotate(
        count=Count("messages"), last=Max("messages__at")
    )
    rows = [
        Row(
            id=each.pk,
            name=each.name or each.address,
            address=each.address if each.name else "",
            subject=each.subject,
            count=each.count,
            last=times.when(each.last or each.opened_at),
            is_closed=each.closed_at is not None,
        )
        for each in sides.order_by("-last", "-pk")
    ]
    return sorted(rows, key=lambda each: each.is_closed)
