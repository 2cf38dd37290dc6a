"""The rows of a queue."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.clock import Calendar
from upheld.policy import ClockStanding, Metric, Policy, Standing
from upheld.tickets.models import Ticket
from upheld.tickets.problems import is_problem
from upheld.tickets.versions import calendar_of, policies_of
from upheld.web.presenting.remaining import Remaining, remaining
from upheld.web.presenting.small_strip import SmallStrip, small_strip
from upheld.web.presenting.times import Times, When
from upheld.web.presenting.words import ICONS, METRICS

DONE = ("resolved", "closed")


@dataclass(frozen=True, slots=True)
class Due:
    """What a row says about its next due instant; `state` and `icon` never say more than `words` do."""

    state: str
    icon: str
    words: str
    at: When | None = None
    metric: str = ""
    remaining: Remaining | None = None
    small: SmallStrip | None = None


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    url: str
    number: str
    subject: str
    requester: str
    desk: str
    status: str
    priority: str
    rank: int
    asked: str
    assignee: str
    due: Due
    tags: tuple[str, ...] = ()
    is_problem: bool = False
    is_unread: bool = False
    snoozed: When | None = None

    @property
    def fingerprint(self) -> str:
        """Changes when the row must be drawn anew; the time left counts on by itself."""
        due = self.due
        said = (self.id, self.subject, self.status, self.priority, self.asked, self.assignee, *self.tags)
        marks = (self.is_unread, self.snoozed, due.state, due.at, due.words)
        whole = "|".join(map(str, (*said, *marks)))
        return hashlib.sha256(whole.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _Words:
    """What every row needs in the reader's language, translated once a page."""

    times: Times
    desks: Mapping[int, str]
    addresses: tuple[str, str]
    query: str
    metrics: Mapping[Metric, str]
    states: Mapping[str, str]


def rows(tickets: Iterable[Ticket], times: Times, desks: Mapping[int, str], within: str = "") -> list[Row]:
    """`desks` are the names of the reader's desks by id, `within` is the list as the links to its tickets carry it.
    What `queries.beside_each` knows of a ticket is told where the ticket has it with it."""
    words = _Words(
        times,
        desks,
        _addresses(),
        f"?{urlencode({'in': within})}" if within else "",
        {metric: str(name) for metric, name in METRICS.items()},
        {state: str(name) for state, name in _STATE_WORDS.items()},
    )
    return [_row(ticket, policies_of(ticket), words) for ticket in tickets]


def _addresses() -> tuple[str, str]:
    """What stands before and after the number in a ticket's address: resolved once a page, not once a row."""
    before, after = reverse("ticket", args=["A-1"]).split("A-1")
    return before, after


def _row(ticket: Ticket, policies: tuple[Policy, ...], words: _Words) -> Row:
    policy = policies[0]
    return Row(
        id=ticket.pk,
        url=ticket.number.join(words.addresses) + words.query,
        number=ticket.number,
        subject=ticket.subject,
        requester=str(ticket.requester),
        desk=words.desks[ticket.desk_id],
        status=policy.status(ticket.status).label,
        priority=policy.priority(ticket.priority).label,
        rank=ticket.priority_rank,
        asked=_asked(ticket, policy),
        assignee=ticket.assignee.name if ticket.assignee else "",
        due=_due(ticket, policies, words),
        tags=tuple(getattr(ticket, "tag_names", ())),
        is_problem=is_problem(ticket),
        is_unread=getattr(ticket, "wrote_since", False),
        snoozed=words.times.optional(getattr(ticket, "snoozed_until", None)),
    )


def _asked(ticket: Ticket, policy: Policy) -> str:
    """The priority that the customer asks for, where another one holds."""
    requested = ticket.requested_priority
    if requested == ticket.priority or not policy.has_priority(requested):
        return ""
    return policy.priority(requested).label


def _due(ticket: Ticket, policies: tuple[Policy, ...], words: _Words) -> Due:
    times, due_at = words.times, ticket.next_due_at
    if due_at is None:
        return _without_due(ticket, words)
    clock = _stored_clock(ticket, lambda each: _is_due(each, due_at))
    calendar = _calendar(ticket, policies, clock)
    left = remaining(due_at, calendar, times.now)
    state = _state(due_at, clock, left, times.now)
    return Due(
        state=state,
        icon=ICONS[state],
        words=words.states[state],
        at=times.when(due_at),
        metric=words.metrics[clock.metric] if clock else "",
        remaining=left,
        small=small_strip(clock, calendar, times.now),
    )


_STATE_WORDS = {
    "breached": gettext_lazy("Overdue"),
    "due-soon": gettext_lazy("Due soon"),
    "closed-hours": gettext_lazy("Outside hours"),
    "running": "",
}


def _state(due_at: datetime, clock: ClockStanding | None, left: Remaining, now: datetime) -> str:
    if due_at < now:
        return "breached"
    if clock is not None and clock.warn_at is not None and clock.warn_at <= now:
        return "due-soon"
    return "closed-hours" if left.shut else "running"


def _without_due(ticket: Ticket, words: _Words) -> Due:
    if ticket.status_category in DONE:
        return Due("none", ICONS["met"], _("Done"))
    paused = _stored_clock(ticket, lambda each: each["paused_since"] is not None)
    if paused is None:
        return Due("none", ICONS["none"], _("No clock running"))
    small = small_strip(paused, None, words.times.now)
    return Due("paused", ICONS["paused"], _("Paused"), metric=words.metrics[paused.metric], small=small)


def _calendar(ticket: Ticket, policies: tuple[Policy, ...], clock: ClockStanding | None) -> Calendar | None:
    if clock is None or clock.calendar is None:
        return None
    return calendar_of(clock, policies, datetime.fromisoformat(ticket.standing["at"]))


def _is_due(clock: Mapping[str, Any], due_at: datetime) -> bool:
    """Whether a stored clock is the one that makes its ticket due then."""
    waits = clock["due_at"] is not None and clock["satisfied_at"] is None
    return waits and datetime.fromisoformat(clock["due_at"]) == due_at


def _stored_clock(ticket: Ticket, fits: Callable[[Mapping[str, Any]], bool]) -> ClockStanding | None:
    """The first stored clock that fits; the others, of which a row says nothing, are not even read."""
    standing = ticket.standing
    found = [each for each in standing.get("clocks", ()) if fits(each)][:1]
    return stored_clocks(standing | {"clocks": found})[0] if found else None


def stored_clocks(data: Mapping[str, Any]) -> tuple[ClockStanding, ...]:
    """The clocks of a stored standing; none where there is no standing yet."""
    return Standing.from_json(data).clocks if data else ()


def current(clocks: Iterable[ClockStanding]) -> dict[Metric, ClockStanding]:
    """The latest cycle of each metric's clock."""
    latest: dict[Metric, ClockStanding] = {}
    for clock in clocks:
        if clock.metric not in latest or clock.cycle > latest[clock.metric].cycle:
            latest[clock.metric] = clock
    return latest
