"""The rows of a customer's list of requests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from upheld.policy import ClockStanding, Policy
from upheld.tickets.models import Ticket
from upheld.tickets.versions import policy_of
from upheld.web.portal.presenting.request_page import waits_for_customer
from upheld.web.presenting.queue import current, stored_clocks
from upheld.web.presenting.times import Times, When
from upheld.web.presenting.words import METRICS


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next by the stored standing; words alone where nothing is promised."""

    words: str
    at: When | None = None
    is_late: bool = False
    is_yours: bool = False


@dataclass(frozen=True, slots=True)
class ListRow:
    """One request. `asked_by` and `organization` are told where the list holds requests of others."""

    url: str
    number: str
    subject: str
    desk: str
    status: str
    is_done: bool
    updated: When
    next: Next
    asked_by: str
    organization: str


def list_rows(
    tickets: Iterable[Ticket], times: Times, *, mine: bool = True, onward: Mapping[int, str] | None = None
) -> list[ListRow]:
    """The rows of a list; `mine` says that its reader takes part in what it holds. `onward` are the numbers of the
    requests in which merged ones go on, by the ids of the latter."""
    known = onward or {}
    return [
        _row(ticket, policy_of(ticket), times, mine=mine, onward=known.get(ticket.pk, ""))
        for ticket in tickets
    ]


def _row(ticket: Ticket, policy: Policy, times: Times, *, mine: bool, onward: str) -> ListRow:
    status = policy.status(ticket.status)
    return ListRow(
        url=reverse("portal:request", args=[ticket.number]),
        number=ticket.number,
        subject=ticket.subject,
        desk=ticket.desk.name,
        status=_("Goes on as %(number)s") % {"number": onward} if onward else status.public_label,
        is_done=status.is_done,
        updated=times.when(ticket.updated_at),
        next=_next(ticket, policy, times, mine=mine),
        asked_by=ticket.requester.name or _("Somebody without a name"),
        organization=ticket.organization.name if ticket.organization else "",
    )


def _next(ticket: Ticket, policy: Policy, times: Times, *, mine: bool) -> Next:
    status = policy.status(ticket.status)
    if status.is_done:
        return Next("")
    if waits_for_customer(status):
        return Next(_("Waiting for your answer") if mine else _("Waiting for their answer"), is_yours=True)
    clock = _earliest(ticket)
    if clock is None or clock.due_at is None:
        return Next("" if status.timer_on else _("The clock is stopped"))
    late = clock.due_at < times.now
    return Next(str(METRICS[clock.metric]), times.when(clock.due_at), is_late=late)


def _earliest(ticket: Ticket) -> ClockStanding | None:
    """The open promise that falls due first."""
    open_ones = [
        clock
        for clock in current(stored_clocks(ticket.standing)).values()
        if clock.due_at is not None and clock.satisfied_at is None
    ]
    return min(open_ones, key=lambda clock: clock.due_at or ticket.received_at, default=None)
