"""What a ticket's page shows of the world outside the desk: whom it waits for, work elsewhere, how long it stood."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.policy import Status, paused_by_reason
from upheld.rules.third_parties import first_reminder, suggested_status
from upheld.tickets.models import OutsideWork, ThirdPartyWait, Ticket
from upheld.tickets.third_parties import reminder_calendar
from upheld.tickets.ticket_page import TicketPage
from upheld.web.agent.outside.fields import as_typed
from upheld.web.presenting.times import Times, When, plain_length
from upheld.web.presenting.words import WORK_STATES

_ICONS = {"open": "circle-dashed", "under_way": "loader", "done": "circle-check", "dropped": "circle-slash"}
_COLOURS = {"open": "none", "under_way": "running", "done": "met", "dropped": "none"}
_OUTCOMES = {
    ThirdPartyWait.Outcome.WORKS_AGAIN.value: gettext_lazy("works again"),
    ThirdPartyWait.Outcome.GIVEN_UP.value: gettext_lazy("given up"),
    ThirdPartyWait.Outcome.TICKET_DONE.value: gettext_lazy("over with the ticket"),
}


@dataclass(frozen=True, slots=True)
class Wait:
    """Whom a ticket waits for, or waited; `values` are what the form shows of it."""

    wait: ThirdPartyWait
    since: When
    promised: When | None
    remind: When | None
    ended: When | None
    outcome: str
    is_overdue: bool
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work in another program."""

    work: OutsideWork
    state: str | Promise
    icon: str
    colour: str
    changed: When


@dataclass(frozen=True, slots=True)
class Panel:
    """`wait` is the one that lasts; `statuses` are the waiting ones that may follow, with which of them is suggested.
    `usual` is when the desk would be reminded if nobody said when."""

    wait: Wait | None
    over: Sequence[Wait]
    work: Sequence[Work]
    states: Sequence[tuple[str, str | Promise]]
    statuses: Sequence[tuple[Status, bool]]
    next_statuses: Sequence[tuple[Status, bool]]
    usual: When
    stood: Sequence[tuple[str, str]]
    works_again: str
    is_done: bool
    zone: str


def panel(page: TicketPage, times: Times, zone: str) -> Panel:
    """Return what the page shows; nothing is asked for where the ticket's flags say that there is nothing."""
    ticket, policy, standing = page.ticket, page.policy, page.standing
    waits = _waits(ticket, times, zone) if ticket.has_third_party else []
    wait = next((each for each in waits if each.ended is None), None)
    status = policy.status(standing.status)
    moves = [policy.status(each) for each in policy.moves(standing.status)]
    waiting = [each for each in moves if each.category == "waiting"]
    suggested = None if status.category == "waiting" else suggested_status(waiting)
    going_on = next((each for each in moves if each.category == "open"), None)
    calendar = reminder_calendar(policy, standing)
    return Panel(
        wait=wait,
        over=[each for each in waits if each.ended is not None],
        work=outside_work(ticket, times) if ticket.has_outside_work else (),
        states=list(WORK_STATES.items()),
        statuses=[(each, each is suggested) for each in waiting],
        next_statuses=[(each, each is going_on and status.category == "waiting") for each in moves],
        usual=times.when(first_reminder(None, calendar, times.now)),
        stood=[(each.reason, plain_length(each.time)) for each in paused_by_reason(page.ledgers)],
        works_again=_works_again(wait.wait) if wait else "",
        is_done=status.is_done,
        zone=times.zone_name,
    )


def outside_work(ticket: Ticket, times: Times) -> list[Work]:
    """Return the work in other programs on which a ticket depends, the oldest first."""
    linked = OutsideWork.objects.filter(ticket=ticket, removed_at=None).order_by("pk")
    return [
        Work(
            work=each,
            state=WORK_STATES[each.state],
            icon=_ICONS[each.state],
            colour=_COLOURS[each.state],
            changed=times.when(each.changed_at),
        )
        for each in linked
    ]


def _waits(ticket: Ticket, times: Times, zone: str) -> list[Wait]:
    waits = ThirdPartyWait.objects.filter(ticket=ticket).select_related("begun_by__user", "ended_by__user")
    return [wait_row(each, times, zone) for each in waits.order_by("-begun_at", "-pk")]


def wait_row(wait: ThirdPartyWait, times: Times, zone: str) -> Wait:
    """Return a wait as pages show it, with its times in a zone."""
    lasts = wait.ended_at is None
    return Wait(
        wait=wait,
        since=times.when(wait.begun_at),
        promised=times.optional(wait.promised_at),
        remind=times.optional(wait.remind_at) if lasts else None,
        ended=times.optional(wait.ended_at),
        outcome=str(_OUTCOMES.get(wait.outcome, "")),
        is_overdue=lasts and wait.promised_at is not None and wait.promised_at <= times.now,
        values=as_typed(wait, zone),
    )


def _works_again(wait: ThirdPartyWait) -> str:
    """The sentence with which the message to the customer begins; a name that they may not read is not in it."""
    if wait.tells_name:
        return _("%(name)s works again. Please try it, and tell us if anything is still wrong.") % {
            "name": wait.name
        }
    return _("What we were waiting for works again. Please try it, and tell us if anything is still wrong.")
