"""Who works on a ticket beside its assignee."""

from collections.abc import Sequence
from datetime import datetime

from upheld.people.models import Agent
from upheld.tickets.models import Collaborator, Ticket


def collaborators_of(ticket: Ticket) -> Sequence[Collaborator]:
    """Return who works on a ticket together with its assignee now, in the order in which they joined."""
    rows = Collaborator.objects.filter(ticket=ticket, left_at=None)
    return list(rows.select_related("agent__user", "joined_by__user").order_by("joined_at", "pk"))


def join(
    ticket: Ticket, agent: Agent, *, role: str, reason: str, by: Agent, now: datetime
) -> Collaborator | None:
    """Let an agent work on a ticket; None where they do already."""
    row, is_new = Collaborator.objects.get_or_create(
        ticket=ticket,
        agent=agent,
        left_at=None,
        defaults={"role": role, "reason": reason, "joined_at": now, "joined_by": by},
    )
    return row if is_new else None


def leave(ticket: Ticket, agent: Agent, now: datetime) -> bool:
    """End an agent's part in a ticket; returns whether they had one."""
    return bool(Collaborator.objects.filter(ticket=ticket, agent=agent, left_at=None).update(left_at=now))
