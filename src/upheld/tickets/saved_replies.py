"""Texts that agents use again: their own, and those of their desks."""

from django.db.models import F, Q, QuerySet

from upheld.people.models import Agent
from upheld.tickets.models import SavedReply

MOST_OFFERED = 500


def saved_replies(agent: Agent, desk_id: int) -> QuerySet[SavedReply]:
    """Return what an agent may use on a desk: their own first, then the desk's, by name."""
    theirs = SavedReply.objects.filter(Q(agent=agent) | Q(agent=None), desk_id=desk_id)
    return theirs.order_by(F("agent_id").asc(nulls_last=True), "name", "pk")
