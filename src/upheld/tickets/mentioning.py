"""Colleagues who can be named on a ticket: those who may read it, and nobody else."""

from django.db.models import QuerySet

from upheld.people.models import Agent
from upheld.rules.mentions import mentioned
from upheld.tickets.models import Ticket
from upheld.tickets.visibility import readers_of


def mentionable(ticket: Ticket) -> QuerySet[Agent]:
    """Return who can be named on a ticket, by name: of a restricted one its readers only."""
    if ticket.restricted:
        return readers_of(ticket).order_by("user__name", "pk")
    working = Agent.objects.filter(user__is_active=True, memberships__desk_id=ticket.desk_id)
    return working.select_related("user").order_by("user__name", "pk")


def named_in(text: str, ticket: Ticket) -> list[Agent]:
    """Return who is named in a text on a ticket."""
    if "@" not in text:
        return []
    known = {each.pk: each for each in mentionable(ticket)}
    return [known[id] for id in mentioned(text, {id: each.name for id, each in known.items()})]
