"""Which tickets an agent has changed in a moment: what they pressed still waits."""

from django.http import HttpRequest

from upheld.tickets.models import Press
from upheld.tickets.pressing import waiting
from upheld.web.agent.composing.waiting import something_leaves
from upheld.web.viewer import Workplace

_MOST = 50


def pending_tickets(request: HttpRequest, workplace: Workplace) -> frozenset[int]:
    """Return the tickets on which something waits that the agent pressed."""
    if not something_leaves(request, workplace):
        return frozenset()
    mine = waiting().filter(agent=workplace.agent).order_by("leaves_at", "pk")
    found: set[int] = set()
    for kind, ticket_id, payload in mine.values_list("kind", "ticket_id", "payload")[:_MOST]:
        found |= set(payload.get("tickets", ())) if kind == Press.Kind.BULK else {ticket_id}
    return frozenset(found)
