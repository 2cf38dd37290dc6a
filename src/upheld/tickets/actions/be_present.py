"""Say that an agent has a ticket open, and whether they are writing; or that they have it open no more."""

from datetime import datetime

from django.db import transaction

from upheld.desks.telling import tell_present
from upheld.tickets.models import Presence, Ticket
from upheld.tickets.presence import fresh, writes_at
from upheld.tickets.visibility import AgentViewer, visible_tickets


@transaction.atomic
def be_present(viewer: AgentViewer, number: str, wall: datetime, *, writes: bool) -> Ticket | None:
    """Return the ticket, or None where they may not know of it. Others are told only when it is news to them.

    `wall` is on the wall's clock, by which browsers live, even in a lab.
    """
    ticket = visible_tickets(viewer).filter(number=number).only("pk", "number").first()
    if ticket is None:
        return None
    here = {"ticket_id": ticket.pk, "agent_id": viewer.agent_id}
    before = fresh(wall).filter(**here).first()
    wrote = before is not None and writes_at(before, wall)
    Presence.objects.bulk_create(
        [Presence(**here, seen_at=wall, typing_at=wall if writes else None)],
        update_conflicts=True,
        unique_fields=["ticket", "agent"],
        update_fields=["seen_at", "typing_at"],
    )
    if before is None or wrote != writes:
        tell_present([ticket.pk])
    return ticket


@transaction.atomic
def go_away(viewer: AgentViewer, number: str) -> None:
    """Note that an agent has left a ticket, or may not know of it any more."""
    here = Presence.objects.filter(ticket__number=number, agent_id=viewer.agent_id)
    ticket_ids = list(here.values_list("ticket_id", flat=True))
    if ticket_ids:
        here.delete()
        tell_present(ticket_ids)
