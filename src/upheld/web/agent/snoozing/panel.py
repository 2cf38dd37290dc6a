"""What the ticket page shows of whether the agent put it off."""

from dataclasses import dataclass
from datetime import datetime

from upheld.policy import ClockStanding
from upheld.tickets.ticket_page import TicketPage
from upheld.web.agent.snoozing.offers import Offer, offers_at
from upheld.web.presenting.times import Times, When
from upheld.web.presenting.words import METRICS
from upheld.web.viewer import Workplace


@dataclass(frozen=True, slots=True)
class DueBefore:
    """A due time that comes before the ticket is back, or is over already."""

    metric: str
    at: When


@dataclass(frozen=True, slots=True)
class Panel:
    """Until when the agent has put the ticket off, what is due before that; and what they may choose. `next_due` is the
    due time that comes next, said beside every choice that is later."""

    until: When | None
    due_before: DueBefore | None
    offers: list[tuple[Offer, bool]]
    next_due: DueBefore | None
    zone: str


def panel(page: TicketPage, workplace: Workplace, times: Times) -> Panel:
    """Return what `web/agent/snoozing/panel.html` shows."""
    until: datetime | None = page.ticket.snoozed_until
    due = _next_due(page)
    said = DueBefore(str(METRICS[due.metric]), times.when(due.due_at)) if due and due.due_at else None
    hours = next(iter(page.policy.calendars.values()), None)
    return Panel(
        until=times.optional(until),
        due_before=said if until and _is_before(due, until) else None,
        offers=[
            (each, _is_before(due, datetime.fromisoformat(each.at.iso)))
            for each in offers_at(workplace, times, hours)
        ],
        next_due=said,
        zone=times.zone_name,
    )


def _next_due(page: TicketPage) -> ClockStanding | None:
    waiting = [each for each in page.standing.clocks if each.due_at is not None and each.satisfied_at is None]
    due = [each for each in waiting if each.due_at == page.standing.next_due_at]
    return due[0] if due else None


def _is_before(due: ClockStanding | None, until: datetime) -> bool:
    return due is not None and due.due_at is not None and due.due_at < until
