"""The path of a customer who is not satisfied: which levels the policy promises, how far a ticket has gone, and whether
those to whom the customer turned have answered in their time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.desks.policy_documents import document_of
from upheld.policy import ComplaintStanding, complaints_under
from upheld.tickets.models import StoryEvent, Ticket
from upheld.tickets.pen import read_stories
from upheld.tickets.versions import versions_of

KIND = "complaint"


@dataclass(frozen=True, slots=True)
class PathLevel:
    """One level: who answers there, under which title, and since when the ticket is with them, where it is.

    Customers may turn to a `direct` one without the levels before it. `due_at` is by when it answers, and `is_missed`
    is set where that time passed before anybody had; both only where `path_of` was told how the complaints stand.
    """

    number: int
    role: str
    label: str
    meaning: str
    reply_within: str
    taken_at: datetime | None
    by_agent: bool
    direct: bool = False
    due_at: datetime | None = None
    answered_at: datetime | None = None
    is_missed: bool = False


def path_of(ticket: Ticket, complaints: Sequence[ComplaintStanding] = ()) -> list[PathLevel]:
    """Return the levels of the customer's path under the policy that governs a ticket, lowest first; none where it
    promises none."""
    document = document_of(ticket.later_version_id or ticket.policy_version_id)
    if not document.escalation.customer_path:
        return []
    titles = {each.id: each for each in document.roles}
    rows = StoryEvent.objects.filter(ticket=ticket, kind=KIND).order_by("at", "seq")
    taken = {data["role"]: (at, agent) for data, at, agent in rows.values_list("data", "at", "agent_id")}
    stands = {each.role: each for each in complaints}
    levels = []
    for number, part in enumerate(document.escalation.customer_path, start=1):
        at, agent = taken.get(part.role, (None, None))
        title, stand = titles[part.role], stands.get(part.role)
        levels.append(
            PathLevel(
                number,
                part.role,
                title.label,
                part.meaning or title.meaning,
                str(part.reply_within or ""),
                at,
                by_agent=agent is not None,
                direct=part.direct,
                due_at=stand.due_at if stand else None,
                answered_at=stand.answered_at if stand else None,
                is_missed=stand.is_missed if stand else False,
            )
        )
    return levels


def complaints_of(ticket: Ticket, now: datetime) -> tuple[ComplaintStanding, ...]:
    """Return how the complaints on a ticket stand; for whoever has not read its story anyhow."""
    facts = read_stories([ticket.pk])[ticket.pk].facts
    if not any(fact.kind == KIND for fact in facts):
        return ()
    return complaints_under(versions_of(ticket).in_force, facts, now)


def choices(levels: Sequence[PathLevel]) -> list[PathLevel]:
    """Return the levels to which the customer may turn now: the one that comes next, and those that need no level
    before them."""
    highest = max((each.number for each in levels if each.taken_at), default=0)
    return [each for each in levels if not each.taken_at and (each.direct or each.number <= highest + 1)]


def next_level(levels: Sequence[PathLevel]) -> PathLevel | None:
    """The level that comes next; None at the end of the path."""
    highest = max((each.number for each in levels if each.taken_at), default=0)
    return next((each for each in levels if each.number > highest), None)
