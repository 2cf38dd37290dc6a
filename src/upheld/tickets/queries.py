"""What pages ask about tickets. Every question starts from `visible_tickets`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from upheld.tickets.finding import Search
from upheld.tickets.finding.conditions import snoozed, together
from upheld.tickets.merged import goes_on_in
from upheld.tickets.models import Message, Snooze, Tagged, Ticket, TicketLook
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
    """What a queue shows. `category` is "open" (all that is not done), "waiting", "resolved", "closed", "snoozed",
    "spam" or "all". `together` is what the viewer works on beside whose ticket it is. `search` is what a query asks for
    beside its words, which are `text`."""

    text: str = ""
    category: str = "open"
    status: str | None = None
    priority: str | None = None
    assignee: int | Literal["me", "none"] | None = None
    together: bool = False
    search: Search | None = None

    @property
    def by_recency(self) -> bool:
        """Where nothing is due, and among what a search found, the latest comes first."""
        return bool(self.text.strip()) or self.category in (*DONE, "all", "spam") or self.reaches_done

    @property
    def reaches_done(self) -> bool:
        """Whether the query names tickets itself that are done."""
        return self.search is not None and self.search.reaches_done

    def names(self, state: str) -> bool:
        """Whether the query asks for a state that usual lists leave out."""
        return self.search is not None and self.search.query.names(state)


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
    viewer: AgentViewer,
    wanted: QueueFilter,
    now: datetime,
    *,
    after: Cursor | None = None,
    limit: int = PAGE_SIZE,
) -> QueuePage:
    """Return one page of tickets: next due first, then priority, paused ones last; or the latest first."""
    tickets = _filtered(viewer, wanted, now)
    if after is not None and (after.rank is None) == wanted.by_recency:
        tickets = tickets.filter(_after(after))
    tickets = _found(viewer, tickets, wanted, limit + 1)
    beside = beside_each(viewer, now)
    rows = list(tickets.annotate(**beside).select_related("requester", "assignee__user")[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return QueuePage(rows, cursor_of(rows[-1], wanted) if more else None)


def beside_each(viewer: AgentViewer, now: datetime) -> dict[str, Any]:
    """What a row tells beside the ticket itself: its tags, until when the viewer put it off, and whether its customer
    wrote since they last looked at it. Asked only of the rows that are shown."""
    here, looker = {"ticket": OuterRef("pk")}, viewer.agent_id
    tags = Tagged.objects.filter(**here).order_by("tag__name").values("tag__name")
    snoozes = Snooze.objects.filter(**here, agent_id=looker, ended_at=None, until__gt=now)
    looks = TicketLook.objects.filter(ticket=OuterRef("ticket"), agent_id=looker)
    unseen = ~Exists(looks.filter(at__gte=OuterRef("at")))
    written = Message.objects.filter(**here, kind=Message.Kind.CUSTOMER)
    return {
        "tag_names": ArraySubquery(tags),
        "snoozed_until": Subquery(snoozes.values("until")[:1]),
        "wrote_since": Exists(written.filter(unseen)),
    }


def in_order(viewer: AgentViewer, wanted: QueueFilter, now: datetime, count: int) -> QuerySet[Ticket]:
    """Return the tickets of a queue in its order, of which no more than the first `count` are asked for."""
    if wanted.search is not None and wanted.search.faults:
        return Ticket.objects.none()
    return _found(viewer, _filtered(viewer, wanted, now), wanted, count)


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


def cursor_of(last: Ticket, wanted: QueueFilter) -> Cursor:
    """Return the place of a ticket in a queue, whether or not it stands in it."""
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


def _in_category(viewer: AgentViewer, wanted: QueueFilter, now: datetime) -> QuerySet[Ticket]:
    """What stands in a list before it is narrowed. Without being asked for by its name, spam is found by its number."""
    tickets = visible_tickets(viewer)
    if wanted.category == "spam":
        return tickets.filter(is_spam=True)
    if wanted.category == "all" and number_in(wanted.text):
        return tickets
    if not wanted.names("spam"):
        tickets = tickets.filter(is_spam=False)
    match wanted.category:
        case "open" if wanted.reaches_done:
            return tickets
        case "open":
            return _at_work(tickets, viewer, wanted, now)
        case "waiting":
            # Both conditions, since the index of a category holds only what is open.
            return _at_work(tickets, viewer, wanted, now).filter(status_category="waiting")
        case "snoozed":
            return tickets.filter(pk__in=snoozed(viewer, now))
        case "resolved" | "closed":
            return tickets.filter(status_category=wanted.category)
    return tickets


def _at_work(
    tickets: QuerySet[Ticket], viewer: AgentViewer, wanted: QueueFilter, now: datetime
) -> QuerySet[Ticket]:
    """What is not done, and what the viewer has not put off."""
    tickets = tickets.exclude(status_category__in=DONE)
    return tickets if wanted.names("snoozed") else tickets.exclude(pk__in=snoozed(viewer, now))


def _filtered(viewer: AgentViewer, wanted: QueueFilter, now: datetime) -> QuerySet[Ticket]:
    tickets = _in_category(viewer, wanted, now)
    if wanted.status:
        tickets = tickets.filter(status=wanted.status)
    if wanted.priority:
        tickets = tickets.filter(priority=wanted.priority)
    if wanted.together:
        tickets = tickets.filter(pk__in=together(viewer))
    match wanted.assignee:
        case "me":
            tickets = tickets.filter(assignee_id=viewer.agent_id)
        case "none":
            tickets = tickets.filter(assignee=None)
        case int() as agent_id:
            tickets = tickets.filter(assignee_id=agent_id)
    return tickets if wanted.search is None else _narrowed(tickets, wanted.search)


def _narrowed(tickets: QuerySet[Ticket], search: Search) -> QuerySet[Ticket]:
    """Where it is not known what was meant, nothing is shown rather than too much."""
    if search.faults:
        return tickets.filter(pk__in=[])
    for condition in search.conditions:
        tickets = tickets.filter(condition)
    return tickets


def to_count(viewer: AgentViewer, wanted: QueueFilter, now: datetime) -> QuerySet[Ticket]:
    """Return the tickets of a queue that looks for no words, in no order."""
    return _filtered(viewer, wanted, now)


def counts(viewer: AgentViewer, now: datetime) -> dict[str, int]:
    """Return how many tickets stand in each of the usual queues, in one query; at most COUNT_BOUND + 1 each."""
    return count_each(queues(viewer, now))


def queues(viewer: AgentViewer, now: datetime) -> dict[str, QuerySet[Ticket]]:
    """Return the tickets of each of the usual queues."""
    here = visible_tickets(viewer).filter(is_spam=False)
    still_open = _at_work(here, viewer, QueueFilter(), now)
    return {
        "open": still_open,
        "mine": still_open.filter(assignee_id=viewer.agent_id),
        "unassigned": still_open.filter(assignee=None),
        "together": still_open.filter(pk__in=together(viewer)),
        "overdue": still_open.filter(next_due_at__lt=now),
        "waiting": still_open.filter(status_category="waiting"),
        "snoozed": here.filter(pk__in=snoozed(viewer, now)),
        "spam": visible_tickets(viewer).filter(is_spam=True),
    }


def count_each(wanted: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """Return how many rows there are of each, in one query; at most COUNT_BOUND + 1 each."""
    parts: list[str] = []
    values: list[object] = []
    for rows in wanted.values():
        try:
            sql, params = rows.order_by().values("pk")[: COUNT_BOUND + 1].query.sql_with_params()
        except EmptyResultSet:
            # Django knows without asking that nothing fits.
            parts.append("0")
            continue
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
