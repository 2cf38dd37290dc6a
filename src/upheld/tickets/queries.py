"""What pages ask about tickets. Every question starts from `visible_tickets`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from upheld.tickets.merged import goes_on_in
from upheld.tickets.models import (
    Collaborator,
    Ticket,
)
from upheld.tickets.search import holding, holding_on_the_way, is_common, known_outside_as, number_in
from upheld.tickets.visibility import (
    AgentViewer,
    ContactViewer,
    Sight,
    Viewer,
    seen_as,
    visible_tickets,
)

PAGE_SIZE = 50
COUNT_BOUND = 1000
DONE = ("resolved", "closed")
NEXT_DUE_FIRST = (F("next_due_at").asc(nulls_last=True), "priority_rank", "id")
LATEST_FIRST = ("-updated_at", "-id")
# The same order, but none that an index has: PostgreSQL has to look for the words first, and to sort what it found.
LATEST_OF_FEW = ((F("updated_at") + timedelta()).desc(), "-id")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a queue shows. `category` is "open" (all that is not done), "waiting", "resolved", "closed" or "all".
    `together` is what the viewer works on beside whose ticket it is."""

    text: str = ""
    category: str = "open"
    status: str | None = None
    priority: str | None = None
    assignee: int | Literal["me", "none"] | None = None
    together: bool = False

    @property
    def by_recency(self) -> bool:
        """Where nothing is due, and among what a search found, the latest comes first."""
        return bool(self.text.strip()) or self.category in (*DONE, "all")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page; the next page starts after it.

    `at` is when the row is due, or when it was last changed in a list by recency, which knows no `rank`.
    """

    at: datetime | None
    rank: int | None
    ticket_id: int

    def text(self) -> str:
        parts = (self.at.isoformat() if self.at else "-", self.rank, self.ticket_id)
        return "~".join(str(part) for part in parts if part is not None)

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """Read a cursor from a URL; None for anything else."""
        try:
            instant, *rank, ticket_id = text.split("~")
            at = None if instant == "-" else datetime.fromisoformat(instant)
            if len(rank) > 1 or (at is None and not rank) or (at is not None and at.tzinfo is None):
                return None
            return cls(at and at.astimezone(UTC), int(rank[0]) if rank else None, int(ticket_id))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class QueuePage:
    tickets: list[Ticket]
    next_cursor: Cursor | None


def queue(
    viewer: AgentViewer, wanted: QueueFilter, *, after: Cursor | None = None, limit: int = PAGE_SIZE
) -> QueuePage:
    """Return one page of tickets: next due first, then priority, paused ones last; or the latest first."""
    tickets = _filtered(viewer, wanted)
    if after is not None and (after.rank is None) == wanted.by_recency:
        tickets = tickets.filter(_after(after))
    tickets = _found(viewer, tickets, wanted, limit + 1)
    rows = list(tickets.select_related("requester", "assignee__user")[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return QueuePage(rows, _cursor(rows[-1], wanted) if more else None)


def _found(
    viewer: AgentViewer, tickets: QuerySet[Ticket], wanted: QueueFilter, count: int
) -> QuerySet[Ticket]:
    """Of these tickets those that were searched for, in the order of the list."""
    text = wanted.text
    if number := number_in(text):
        ours = Q(number=number) | Q(pk=_in_which(viewer, number))
        return tickets.filter(ours | Q(pk__in=known_outside_as(number))).order_by(*LATEST_FIRST)
    if not text.strip():
        return _first(viewer, tickets, LATEST_FIRST if wanted.by_recency else NEXT_DUE_FIRST, count)
    if is_common(viewer, text):
        return _first(viewer, tickets.filter(holding_on_the_way(viewer, text)), LATEST_FIRST, count)
    return tickets.filter(holding(viewer, text, "search_text__vector")).order_by(*LATEST_OF_FEW)


def _in_which(viewer: AgentViewer, number: str) -> int | None:
    """The ticket in which the one of this number goes on, where that was merged."""
    named = visible_tickets(viewer).filter(number=number).exclude(merged_into=None)
    ticket_id = named.values_list("pk", flat=True).first()
    return goes_on_in(ticket_id) if ticket_id is not None else None


def _first(
    viewer: AgentViewer, tickets: QuerySet[Ticket], order: Sequence[Any], count: int
) -> QuerySet[Ticket]:
    """Put tickets in order. The indexes know the order within each desk, so each desk gives its own first ones."""
    if len(viewer.roles) > 1:
        each, *others = (
            tickets.filter(desk_id=desk).order_by(*order).values("pk")[:count] for desk in viewer.desk_ids
        )
        tickets = visible_tickets(viewer).filter(pk__in=each.union(*others, all=True))
    return tickets.order_by(*order)


def _cursor(last: Ticket, wanted: QueueFilter) -> Cursor:
    if wanted.by_recency:
        return Cursor(last.updated_at, None, last.pk)
    return Cursor(last.next_due_at, last.priority_rank, last.pk)


def _after(cursor: Cursor) -> Q:
    if cursor.rank is None:
        # The first condition is within the second; by it the index knows where to start.
        same_time = Q(updated_at=cursor.at, pk__lt=cursor.ticket_id)
        return Q(updated_at__lte=cursor.at) & (Q(updated_at__lt=cursor.at) | same_time)
    same_due = Q(priority_rank__gt=cursor.rank) | Q(priority_rank=cursor.rank, pk__gt=cursor.ticket_id)
    if cursor.at is None:
        return Q(next_due_at=None) & same_due
    later = Q(next_due_at__gt=cursor.at) | Q(next_due_at=None)
    return later | (Q(next_due_at=cursor.at) & same_due)


def _filtered(viewer: AgentViewer, wanted: QueueFilter) -> QuerySet[Ticket]:
    tickets = visible_tickets(viewer)
    match wanted.category:
        case "open":
            tickets = tickets.exclude(status_category__in=DONE)
        case "waiting":
            # Both conditions, since the index of a category holds only what is open.
            tickets = tickets.exclude(status_category__in=DONE).filter(status_category="waiting")
        case "resolved" | "closed":
            tickets = tickets.filter(status_category=wanted.category)
    if wanted.status:
        tickets = tickets.filter(status=wanted.status)
    if wanted.priority:
        tickets = tickets.filter(priority=wanted.priority)
    if wanted.together:
        tickets = tickets.filter(_together(viewer))
    match wanted.assignee:
        case "me":
            tickets = tickets.filter(assignee_id=viewer.agent_id)
        case "none":
            tickets = tickets.filter(assignee=None)
        case int() as agent_id:
            tickets = tickets.filter(assignee_id=agent_id)
    return tickets


def _together(viewer: AgentViewer) -> Q:
    mine = Collaborator.objects.filter(agent_id=viewer.agent_id, left_at=None)
    return Q(pk__in=mine.values("ticket_id"))


def counts(viewer: AgentViewer, now: datetime) -> dict[str, int]:
    """Return how many tickets stand in each of the usual queues, in one query; at most COUNT_BOUND + 1 each."""
    return count_each(queues(viewer, now))


def queues(viewer: AgentViewer, now: datetime) -> dict[str, QuerySet[Ticket]]:
    """Return the tickets of each of the usual queues."""
    still_open = visible_tickets(viewer).exclude(status_category__in=DONE)
    return {
        "open": still_open,
        "mine": still_open.filter(assignee_id=viewer.agent_id),
        "unassigned": still_open.filter(assignee=None),
        "together": still_open.filter(_together(viewer)),
        "overdue": still_open.filter(next_due_at__lt=now),
        "waiting": still_open.filter(status_category="waiting"),
    }


def count_each(wanted: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """Return how many rows there are of each, in one query; at most COUNT_BOUND + 1 each."""
    parts: list[str] = []
    values: list[object] = []
    for rows in wanted.values():
        sql, params = rows.order_by().values("pk")[: COUNT_BOUND + 1].query.sql_with_params()
        parts.append(f"(select count(*) from ({sql}) counted)")  # noqa: S608 - made by Django, values apart
        values.extend(params)
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(parts), values)
        row = cursor.fetchone()
    return dict(zip(wanted, row, strict=True))


def onward_numbers(viewer: Viewer, tickets: Sequence[Ticket]) -> dict[int, str]:
    """Return the numbers of the tickets in which merged ones go on, where `viewer` may know of those."""
    ends = {each.pk: goes_on_in(each.pk) for each in tickets if each.merged_into_id is not None}
    if not ends:
        return {}
    seen = dict(visible_tickets(viewer).filter(pk__in=ends.values()).values_list("pk", "number"))
    return {source: seen[end] for source, end in ends.items() if end in seen}


def open_tickets_by_version(viewer: AgentViewer, desk_id: int) -> dict[int, int]:
    """Return how many open tickets of a desk live under each version of its policy, as far as they are settled."""
    still_open = visible_tickets(viewer).filter(desk_id=desk_id).exclude(status_category__in=DONE)
    version = Coalesce("later_version_id", "policy_version_id")
    return dict(still_open.order_by().values_list(version).annotate(Count("pk")))


def requests_of(viewer: ContactViewer, sight: Sight = Sight.participant) -> QuerySet[Ticket]:
    """Return a customer's tickets, or those that they see for another reason, the latest first."""
    tickets = seen_as(viewer, sight).select_related("desk", "requester", "organization")
    return tickets.order_by("-updated_at", "-id")
