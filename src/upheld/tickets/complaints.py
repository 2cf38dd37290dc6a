"""The path of a customer who is not satisfied: which levels the policy promises, and how far a ticket has gone."""

from dataclasses import dataclass
from datetime import datetime

from upheld.desks.policy_documents import document_of
from upheld.tickets.models import StoryEvent, Ticket

KIND = "complaint"


@dataclass(frozen=True, slots=True)
class PathLevel:
    """One level: who answers there, under which title, and since when the ticket is with them, where it is."""

    number: int
    role: str
    label: str
    meaning: str
    reply_within: str
    taken_at: datetime | None
    by_agent: bool


def path_of(ticket: Ticket) -> list[PathLevel]:
    """Return the levels of the customer's path under the policy that governs a ticket, lowest first; none where it
    promises none."""
    document = document_of(ticket.later_version_id or ticket.policy_version_id)
    if not document.escalation.customer_path:
        return []
    titles = {each.id: each for each in document.roles}
    rows = StoryEvent.objects.filter(ticket=ticket, kind=KIND).order_by("at", "seq")
    taken = {data["role"]: (at, agent) for data, at, agent in rows.values_list("data", "at", "agent_id")}
    levels = []
    for number, part in enumerate(document.escalation.customer_path, start=1):
        at, agent = taken.get(part.role, (None, None))
        title = titles[part.role]
        levels.append(
            PathLevel(
                number,
                part.role,
                title.label,
                part.meaning or title.meaning,
                str(part.reply_within or ""),
                at,
                by_agent=agent is not None,
            )
        )
    return levels


def next_level(levels: list[PathLevel]) -> PathLevel | None:
    """The level that comes next; None at the end of the path."""
    highest = max((each.number for each in levels if each.taken_at), default=0)
    return next((each for each in levels if each.number > highest), None)
