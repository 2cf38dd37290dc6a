"""Tickets that belong together, as somebody may know of them."""

from dataclasses import dataclass

from django.db.models import Q

from upheld.tickets.models import Participant, Ticket, TicketLink
from upheld.tickets.visibility import Viewer, visible_tickets


@dataclass(frozen=True, slots=True)
class Linked:
    """Another ticket, and how it belongs to the one that is looked at; `came_from_it` of one that was split off."""

    link: TicketLink
    ticket: Ticket
    came_from_it: bool


def linked_tickets(viewer: Viewer, ticket: Ticket) -> list[Linked]:
    """Return the tickets linked with a visible one, as far as `viewer` sees them; the oldest link first."""
    links = TicketLink.objects.filter(Q(ticket=ticket) | Q(other=ticket)).order_by("at", "id")
    ends = {each.pk: each.other_id if each.ticket_id == ticket.pk else each.ticket_id for each in links}
    seen = visible_tickets(viewer).filter(pk__in=ends.values()).in_bulk()
    return [
        Linked(each, seen[ends[each.pk]], each.ticket_id == ticket.pk)
        for each in links
        if ends[each.pk] in seen
    ]


def reported_together(ticket: Ticket) -> list[Ticket]:
    """Return what the same requester reported in the same form."""
    links = TicketLink.objects.filter(ticket=ticket, kind=TicketLink.Kind.TOGETHER)
    others = Ticket.objects.filter(pk__in=links.values("other_id"), requester_id=ticket.requester_id)
    return list(others.order_by("pk"))


def siblings(contact_id: int, ticket: Ticket) -> list[Ticket]:
    """Return what came from the same request, as far as this contact takes part in it. What agents found to be related
    is for agents."""
    kinds = (TicketLink.Kind.TOGETHER, TicketLink.Kind.SPLIT)
    near = _across([ticket.pk], kinds)
    if not near:
        return []
    ids = (near | _across(list(near), kinds)) - {ticket.pk}
    mine = Participant.objects.filter(contact_id=contact_id, removed_at=None, ticket_id__in=ids)
    return list(Ticket.objects.filter(pk__in=mine.values("ticket_id")).order_by("received_at", "pk"))


def _across(ids: list[int], kinds: tuple[TicketLink.Kind, ...]) -> set[int]:
    ends = Q(ticket_id__in=ids) | Q(other_id__in=ids)
    rows = TicketLink.objects.filter(ends, kind__in=kinds).values_list("ticket_id", "other_id")
    return {id for row in rows for id in row}
