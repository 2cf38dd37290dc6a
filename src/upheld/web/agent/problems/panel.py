"""What a ticket's page shows of problems: the one that it has, or what it affects where it is one itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from upheld.tickets.models import Broadcast, Problem, Ticket
from upheld.tickets.problems import DONE, Audience, Progress, affected, audience, problem_of, progress
from upheld.tickets.ticket_page import TicketPage
from upheld.tickets.versions import policy_of
from upheld.web.presenting.times import Times, When
from upheld.web.viewer import Workplace

LATEST = 5
MOST_LISTED = 8


@dataclass(frozen=True, slots=True)
class Told:
    """One broadcast, and how far it has come."""

    by: str
    at: When
    progress: Progress
    is_finished: bool


@dataclass(frozen=True, slots=True)
class Having:
    """The problem that a ticket has."""

    problem: Problem
    status: str
    is_solved: bool
    next_due: When | None


@dataclass(frozen=True, slots=True)
class Being:
    """A problem: which tickets it affects, and what was told to all."""

    problem: Problem
    audience: Audience
    tickets: Sequence[Ticket]
    more: int
    told: Sequence[Told]
    is_solved: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """At most one of the two; most tickets have neither."""

    having: Having | None = None
    being: Being | None = None


def panel(page: TicketPage, workplace: Workplace, times: Times) -> Panel:
    """Return what the page shows; it asks only where the page's own query says that there is something."""
    ticket = page.ticket
    if ticket.is_problem:
        return Panel(being=_being(ticket, workplace, times))
    if ticket.has_problem and (problem := problem_of(workplace.viewer, ticket)) is not None:
        return Panel(having=_having(problem, times))
    return Panel()


def _having(problem: Problem, times: Times) -> Having:
    ticket = problem.ticket
    return Having(
        problem,
        policy_of(ticket).status(ticket.status).label,
        ticket.status_category in DONE,
        times.optional(ticket.next_due_at),
    )


def _being(ticket: Ticket, workplace: Workplace, times: Times) -> Being:
    reached = audience(workplace.viewer, ticket.pk)
    rows = affected(workplace.viewer, ticket.pk).select_related("ticket").order_by("-joined_at", "-pk")
    sent = list(
        Broadcast.objects.filter(problem=ticket.pk)
        .select_related("agent__user")
        .order_by("-at", "-pk")[:LATEST]
    )
    how_far = progress(workplace.viewer, [each.pk for each in sent]) if sent else {}
    return Being(
        problem=Problem.objects.get(pk=ticket.pk),
        audience=reached,
        tickets=[each.ticket for each in rows[:MOST_LISTED]],
        more=max(0, reached.all + reached.merged - MOST_LISTED),
        told=[
            Told(each.agent.name, times.when(each.at), how_far[each.pk], each.finished_at is not None)
            for each in sent
        ],
        is_solved=ticket.status_category in DONE,
    )
