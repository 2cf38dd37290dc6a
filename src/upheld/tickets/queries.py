"""What pages ask about tickets. Every question starts from `visible_tickets`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import connection
from django.db.models import F, Q, QuerySet

from upheld.desks.models import Desk
from upheld.desks.policies import compiled
from upheld.policy import Ledger, Policy, Standing, evaluate, explain
from upheld.tickets.models import Message, Participant, StoryEvent, Ticket
from upheld.tickets.pen import fact_of
from upheld.tickets.search_text import desk_word
from upheld.tickets.visibility import AgentViewer, Viewer, visible_messages, visible_tickets

PAGE_SIZE = 50
COUNT_BOUND = 1000
SEARCH_PROBE = 5000
DONE = ("resolved", "closed")
_MATCHES = "vector @@ (%(desks)s::tsquery && websearch_to_tsquery(%(config)s::regconfig, %(text)s))"
_PROBE = f"select ticket_id from tickets_tickettext where {_MATCHES} limit %(bound)s + 1"  # noqa: S608
_MOST_RECENT = f"""
select ticket.id from tickets_ticket ticket join tickets_tickettext on ticket_id = ticket.id
where {_MATCHES} order by ticket.updated_at desc limit %(bound)s
"""  # noqa: S608
_NUMBER = re.compile(r"\A#?([A-Za-z][A-Za-z0-9]{0,7}-[0-9]{1,18})\Z")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a queue shows. `category` is "open" (all that is not done), "waiting", "resolved", "closed" or "all"."""

    text: str = ""
    category: str = "open"
    status: str | None = None
    priority: str | None = None
    assignee: int | Literal["me", "none"] | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page, in the order of the queue; the next page starts after it."""

    due_at: datetime | None
    rank: int
    ticket_id: int

    def text(self) -> str:
        return f"{self.due_at.isoformat() if self.due_at else '-'}~{self.rank}~{self.ticket_id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """Read a cursor from a URL; None for anything else."""
        try:
            due, rank, ticket_id = text.split("~")
            due_at = None if due == "-" else datetime.fromisoformat(due)
            if due_at is not None and due_at.tzinfo is None:
                return None
            return cls(due_at, int(rank), int(ticket_id))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class QueuePage:
    tickets: list[Ticket]
    next_cursor: Cursor | None


def queue(
    viewer: AgentViewer, wanted: QueueFilter, *, after: Cursor | None = None, limit: int = PAGE_SIZE
) -> QueuePage:
    """Return one page of tickets: next due first, then priority; paused and done ones last."""
    tickets = _filtered(viewer, wanted)
    if after is not None:
        tickets = tickets.filter(_after(after))
    tickets = tickets.order_by(F("next_due_at").asc(nulls_last=True), "priority_rank", "id")
    rows = list(tickets.select_related("requester", "assignee__user", "desk")[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    last = rows[-1] if rows else None
    return QueuePage(
        rows, Cursor(last.next_due_at, last.priority_rank, last.pk) if more and last is not None else None
    )


def _after(cursor: Cursor) -> Q:
    same_due = Q(priority_rank__gt=cursor.rank) | Q(priority_rank=cursor.rank, pk__gt=cursor.ticket_id)
    if cursor.due_at is None:
        return Q(next_due_at=None) & same_due
    later = Q(next_due_at__gt=cursor.due_at) | Q(next_due_at=None)
    return later | (Q(next_due_at=cursor.due_at) & same_due)


def _filtered(viewer: AgentViewer, wanted: QueueFilter) -> QuerySet[Ticket]:
    tickets = visible_tickets(viewer)
    if wanted.text.strip():
        tickets = tickets.filter(pk__in=search_ids(viewer, wanted.text))
    match wanted.category:
        case "open":
            tickets = tickets.exclude(status_category__in=DONE)
        case "waiting" | "resolved" | "closed":
            tickets = tickets.filter(status_category=wanted.category)
    if wanted.status:
        tickets = tickets.filter(status=wanted.status)
    if wanted.priority:
        tickets = tickets.filter(priority=wanted.priority)
    match wanted.assignee:
        case "me":
            tickets = tickets.filter(assignee_id=viewer.agent_id)
        case "none":
            tickets = tickets.filter(assignee=None)
        case int() as agent_id:
            tickets = tickets.filter(assignee_id=agent_id)
    return tickets


def search_ids(viewer: AgentViewer, text: str) -> Sequence[int]:
    """Return the ids of at most SEARCH_PROBE visible tickets that hold the words, or the one with that number.

    More hits than that are cut to the most recent ones: PostgreSQL is asked twice, since one question cannot be fast
    for rare and for common words alike.
    """
    number = _NUMBER.match(text.strip())
    if number:
        return list(visible_tickets(viewer).filter(number=number[1].upper()).values_list("pk", flat=True))
    if not viewer.roles:
        return []
    values = {
        "desks": " | ".join(f"'{desk_word(desk)}'" for desk in viewer.desk_ids),
        "config": _search_configuration(viewer),
        "text": text.replace("\0", " ")[:500],
        "bound": SEARCH_PROBE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PROBE, values)
        ids = [row[0] for row in cursor.fetchall()]
        if len(ids) <= SEARCH_PROBE:
            return ids
        cursor.execute(_MOST_RECENT, values)
        return [row[0] for row in cursor.fetchall()]


def _search_configuration(viewer: AgentViewer) -> str:
    desk = Desk.objects.filter(pk__in=viewer.desk_ids).order_by("pk").first()
    return desk.search_configuration if desk else "simple"


def counts(viewer: AgentViewer, now: datetime) -> dict[str, int]:
    """Return how many tickets stand in each of the usual queues, in one query; at most COUNT_BOUND + 1 each."""
    still_open = visible_tickets(viewer).exclude(status_category__in=DONE)
    wanted = {
        "open": still_open,
        "mine": still_open.filter(assignee_id=viewer.agent_id),
        "unassigned": still_open.filter(assignee=None),
        "overdue": still_open.filter(next_due_at__lt=now),
        "waiting": still_open.filter(status_category="waiting"),
    }
    parts: list[str] = []
    values: list[object] = []
    for tickets in wanted.values():
        sql, params = tickets.order_by().values("pk")[: COUNT_BOUND + 1].query.sql_with_params()
        parts.append(f"(select count(*) from ({sql}) counted)")  # noqa: S608 - made by Django, values apart
        values.extend(params)
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(parts), values)
        row = cursor.fetchone()
    return dict(zip(wanted, row, strict=True))


@dataclass(frozen=True, slots=True)
class TicketPage:
    """All that a ticket's page shows, as its viewer may see it."""

    ticket: Ticket
    policy: Policy
    standing: Standing
    ledgers: tuple[Ledger, ...]
    messages: list[Message]
    story: list[StoryEvent]
    participants: list[Participant]


def ticket_page(viewer: Viewer, number: str, now: datetime) -> TicketPage | None:
    """Return the ticket of this number as `viewer` sees it at `now`; None where absent or not theirs to see."""
    ticket = (
        visible_tickets(viewer)
        .select_related("desk", "requester__organization", "assignee__user", "team")
        .filter(number=number.upper())
        .first()
    )
    if ticket is None:
        return None
    policy = compiled(ticket.policy_version_id)
    story = list(
        StoryEvent.objects.filter(ticket=ticket)
        .order_by("at", "seq")
        .select_related("agent__user", "contact")
    )
    facts = [fact_of(row) for row in story if row.consequence_key is None]
    is_agent = isinstance(viewer, AgentViewer)
    messages = visible_messages(viewer, ticket).select_related("contact", "agent__user")
    story = (
        StoryEvent.objects.filter(ticket=ticket)
        .order_by("at", "seq")
        .select_related("agent__user", "contact")
    )
    people = (
        ticket.participants.filter(removed_at=None).select_related("contact").order_by("-is_requester", "id")
    )
    return TicketPage(
        ticket=ticket,
        policy=policy,
        standing=evaluate(policy, facts, now),
        ledgers=explain(policy, facts, now),
        messages=list(messages.prefetch_related("attachments")),
        story=story if is_agent else [],
        participants=list(people) if is_agent else [],
    )


def requests_of(viewer: Viewer) -> QuerySet[Ticket]:
    """Return a customer's tickets, the latest first."""
    return visible_tickets(viewer).select_related("desk").order_by("-updated_at", "-id")
