"""What a ticket's page says of its pages: who was called when, who is next, and how each ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.tickets import paging
from upheld.tickets.models import Page, Ticket
from upheld.tickets.particulars import known_values
from upheld.tickets.pen import fact_of
from upheld.tickets.ticket_page import TicketPage
from upheld.web.agent.on_call.page import outcome
from upheld.web.presenting.times import Times, When
from upheld.web.viewer import Workplace

LISTED = 5
CALLS_LISTED = 12


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody was paged."""

    name: str
    at: When


@dataclass(frozen=True, slots=True)
class PageCard:
    """One page; `next_name` and `next_at` say who is called next while it is under way. `left_out` calls came before
    those that are listed."""

    id: int
    role: str
    begun: When
    calls: Sequence[Call]
    left_out: int
    outcome: str
    ended: When | None
    next_name: str
    next_at: When | None

    @property
    def is_under_way(self) -> bool:
        return not self.outcome


def panel(page: TicketPage, workplace: Workplace, times: Times) -> Sequence[PageCard]:
    """The pages of a ticket, the latest first; asks nothing where there are none."""
    if not page.ticket.has_pages:  # type: ignore[attr-defined]
        return ()
    listed = Page.objects.filter(ticket=page.ticket).select_related("ended_by__user")
    values = known_values(fact_of(row) for row in page.story if row.consequence_key is None)
    return [
        _card(each, page, values, workplace, times) for each in listed.order_by("-begun_at", "-pk")[:LISTED]
    ]


def _card(
    each: Page, page: TicketPage, values: Mapping[str, str], workplace: Workplace, times: Times
) -> PageCard:
    each.ticket = page.ticket
    over = None if each.ended_at else paging.over_now(each, times.now)
    ended_at = each.ended_at or (over.at if over else None)
    calls = list(each.calls.select_related("agent__user").order_by("place"))
    return PageCard(
        id=each.pk,
        role=page.policy.roles.get(each.role, each.role),
        begun=times.when(each.begun_at),
        calls=[Call(call.agent.name, times.when(call.at)) for call in calls[-CALLS_LISTED:]],
        left_out=max(0, len(calls) - CALLS_LISTED),
        outcome=outcome(each, over, workplace.agent),
        ended=times.optional(ended_at),
        next_name="" if ended_at else _next(each, page.ticket, values, times.now),
        next_at=None if ended_at else times.optional(each.next_at),
    )


def _next(page: Page, ticket: Ticket, values: Mapping[str, str], now: datetime) -> str:
    person = paging.next_in_line(page, ticket, values, now)
    return person.agent.name if person else ""
