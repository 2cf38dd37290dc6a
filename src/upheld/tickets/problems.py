"""Problems as agents see them: which there are, which tickets they affect, and what was told to all.

Everything starts from the tickets that a viewer may see. A restricted ticket may have a problem; who may not read it
finds it in no list, no count and no preview.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from upheld.tickets.models import Affected, Broadcast, BroadcastCopy, Problem, Ticket
from upheld.tickets.visibility import AgentViewer, open_to, visible_tickets

PROBLEM = "problem"
BROADCAST = "broadcast"
DONE = ("resolved", "closed")
PAGE_SIZE = 50
BROADCAST_LOCK = 0x757062726F6164  # "upbroad": the advisory lock of those who press Send for many


def is_problem(ticket: Ticket) -> bool:
    """Whether a ticket is a problem: nothing else comes by that channel."""
    return ticket.channel == PROBLEM


def visible_problems(viewer: AgentViewer) -> QuerySet[Ticket]:
    """Return the tickets that are problems, as far as an agent may see them."""
    return visible_tickets(viewer).filter(channel=PROBLEM)


def open_problems(viewer: AgentViewer, desk_id: int) -> QuerySet[Ticket]:
    """Return the problems of a desk that are not solved, the latest first."""
    problems = visible_problems(viewer).filter(desk_id=desk_id).exclude(status_category__in=DONE)
    return problems.order_by("-received_at", "-pk")


def listed(viewer: AgentViewer, *, solved: bool) -> QuerySet[Ticket]:
    """Return problems with the number of tickets that have each (`affects`) and when all were told last (`told_at`):
    open ones next due first, solved ones the latest first."""
    problems = visible_problems(viewer).select_related("requester", "assignee__user")
    problems = problems.annotate(affects=_affects(viewer), told_at=_told_at())
    if solved:
        return problems.filter(status_category__in=DONE).order_by("-updated_at", "-pk")
    due_first = (F("next_due_at").asc(nulls_last=True), "priority_rank", "pk")
    return problems.exclude(status_category__in=DONE).order_by(*due_first)


def _affects(viewer: AgentViewer) -> Coalesce:
    seen = Affected.objects.filter(open_to(viewer, "ticket__"), problem=OuterRef("pk"), left_at=None)
    counted = seen.order_by().values("problem").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _told_at() -> Subquery:
    told = Broadcast.objects.filter(problem=OuterRef("pk")).order_by()
    return Subquery(told.values("problem").annotate(last=Max("at")).values("last"))


def affected(viewer: AgentViewer, problem_id: int) -> QuerySet[Affected]:
    """Return which tickets have a problem, as far as an agent may see them."""
    rows = Affected.objects.filter(open_to(viewer, "ticket__"), problem_id=problem_id, left_at=None)
    return rows.filter(ticket__desk_id__in=viewer.desk_ids)


def problem_of(viewer: AgentViewer, ticket: Ticket) -> Problem | None:
    """Return the problem that a visible ticket has."""
    row = (
        Affected.objects.filter(ticket=ticket, left_at=None, problem__ticket__in=visible_problems(viewer))
        .select_related("problem__ticket")
        .first()
    )
    return row.problem if row else None


def candidates(viewer: AgentViewer, tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Return, of tickets, those that may be said to have a problem: none that has or is one, or is part of another."""
    with_one = Affected.objects.filter(ticket=OuterRef("pk"), left_at=None)
    return tickets.filter(~Exists(with_one), merged_into=None, is_spam=False).exclude(channel=PROBLEM)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a broadcast would reach, as its sender may see them: `open` and `done` tickets, `merged` ones that are told
    on the ticket of which they are a part, and those to which nobody is assigned."""

    open: int
    done: int
    merged: int
    unassigned: int

    @property
    def all(self) -> int:
        return self.open + self.done


def audience(viewer: AgentViewer, problem_id: int) -> Audience:
    """Count whom a broadcast would reach."""
    done, merged = Q(ticket__status_category__in=DONE), Q(ticket__merged_into__isnull=False)
    counted: dict[str, Any] = affected(viewer, problem_id).aggregate(
        open=Count("pk", filter=~done & ~merged),
        done=Count("pk", filter=done & ~merged),
        merged=Count("pk", filter=merged),
        unassigned=Count("pk", filter=~done & ~merged & Q(ticket__assignee=None)),
    )
    return Audience(**counted)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast has come, as an agent may see it: `omitted` was not told, `kept` was told and kept its
    status, `failing` could not be written yet."""

    told: int
    omitted: int
    kept: int
    waiting: int
    failing: int

    @property
    def all(self) -> int:
        return self.told + self.waiting


def progress(viewer: AgentViewer, broadcast_ids: list[int]) -> dict[int, Progress]:
    """Return how far broadcasts have come."""
    seen = BroadcastCopy.objects.filter(open_to(viewer, "ticket__"), broadcast_id__in=broadcast_ids)
    told, made = Q(message__isnull=False), Q(done_at__isnull=False)
    rows = (
        seen.order_by()
        .values("broadcast_id")
        .annotate(
            told=Count("pk", filter=told),
            omitted=Count("pk", filter=made & ~told),
            kept=Count("pk", filter=told & ~Q(left_out="")),
            waiting=Count("pk", filter=~made),
            failing=Count("pk", filter=~made & Q(tries__gt=0)),
        )
    )
    nothing = Progress(0, 0, 0, 0, 0)
    found = {row.pop("broadcast_id"): Progress(**row) for row in rows}
    return {pk: found.get(pk, nothing) for pk in broadcast_ids}


def oldest_under_way(desk_id: int | None) -> datetime | None:
    """Return when the oldest broadcast was sent of which a copy is still to be tried for the first time: no clock of
    its desk is settled past that. One that failed holds up nothing any more."""
    untried = BroadcastCopy.objects.filter(broadcast=OuterRef("pk"), done_at=None, tries=0)
    under_way = Broadcast.objects.filter(Exists(untried), finished_at=None)
    if desk_id is not None:
        under_way = under_way.filter(problem__ticket__desk_id=desk_id)
    return under_way.order_by("at").values_list("at", flat=True).first()


def statuses_of_affected(viewer: AgentViewer, problem_id: int) -> dict[str, int]:
    """Return how many of the open tickets of a problem are in each status."""
    rows = affected(viewer, problem_id).exclude(ticket__status_category__in=DONE).order_by()
    return dict(rows.values_list("ticket__status").annotate(Count("pk")))
