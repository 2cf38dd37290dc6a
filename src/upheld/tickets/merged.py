"""Tickets that became one: in which a ticket goes on, and which went on in it."""

from upheld.tickets.models import Ticket


def goes_on_in(ticket_id: int) -> int:
    """Return the ticket in which this one goes on: the end of the chain of merges, or itself."""
    while (into := _merged_into(ticket_id)) is not None:
        ticket_id = into
    return ticket_id


def taken_in(ticket_id: int) -> list[int]:
    """Return the tickets that are part of this one, directly or by way of another, in the order of their ids."""
    found: list[int] = []
    nearest = [ticket_id]
    while nearest:
        nearest = list(Ticket.objects.filter(merged_into_id__in=nearest).values_list("pk", flat=True))
        found += nearest
    return sorted(found)


def _merged_into(ticket_id: int) -> int | None:
    return Ticket.objects.filter(pk=ticket_id).values_list("merged_into_id", flat=True).first()
