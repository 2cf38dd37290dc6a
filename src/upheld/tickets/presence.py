"""Who else has a ticket open: agents whose page said so a moment ago. Asked as one who may read the ticket.

Moments here are on the wall's clock, by which browsers live.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from upheld.tickets.models import Presence

# A page says every twelve seconds that it is open; who said nothing for so long has gone.
FRESH = timedelta(seconds=30)
WRITING = timedelta(seconds=20)
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has a ticket open, and whether they are writing on it."""

    agent_id: int
    name: str
    writes: bool


def fresh(wall: datetime) -> "QuerySet[Presence]":
    """Return who is anywhere now."""
    return Presence.objects.filter(seen_at__gt=wall - FRESH)


def present_at(ticket_ids: Iterable[int], besides: int, wall: datetime) -> dict[int, list[Present]]:
    """Return who is at tickets that somebody may read, besides themselves, by the tickets' ids."""
    rows = fresh(wall).filter(ticket_id__in=list(ticket_ids)).exclude(agent_id=besides)
    # Whoever works on the desk no more may still have the page open.
    rows = (
        rows.filter(agent__user__is_active=True)
        .select_related("agent__user")
        .order_by("agent__user__name", "pk")
    )
    found: dict[int, list[Present]] = {}
    for each in rows:
        found.setdefault(each.ticket_id, []).append(
            Present(each.agent_id, each.agent.name, writes_at(each, wall))
        )
    return found


def writes_at(presence: Presence, wall: datetime) -> bool:
    """Return whether they wrote something a moment ago."""
    return presence.typing_at is not None and presence.typing_at > wall - WRITING
