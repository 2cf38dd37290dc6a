"""One request as its customer sees it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.policy import Ahead, ClockState, Policy, Standing, Status
from upheld.rules.third_parties import is_for_third_party
from upheld.tickets.models import Attachment, StoryEvent, Ticket
from upheld.tickets.solving import asks_whether_it_works
from upheld.tickets.ticket_page import TicketPage
from upheld.web.portal.presenting.priority import PriorityTold, priority_told
from upheld.web.portal.presenting.promises import Promise, promises
from upheld.web.portal.presenting.say import said_at
from upheld.web.portal.presenting.turns import Turn, turns
from upheld.web.presenting.times import Times, When


@dataclass(frozen=True, slots=True)
class Move:
    """One change of status in the story."""

    seq: int
    to: str


@dataclass(frozen=True, slots=True)
class Timer:
    """Whether the clock is on, and when it is not, why. `closes_at` is when a request left alone closes by itself."""

    on: bool
    words: str
    closes_at: When | None


@dataclass(frozen=True, slots=True)
class RequestPage:
    number: str
    subject: str
    status: str
    meaning: str
    is_done: bool
    timer: Timer
    asks: bool
    priority: PriorityTold
    received: When
    promises: Sequence[Promise]
    turns: Sequence[Turn]
    about_reply: str
    may_reply: bool
    zone: str
    shares_problem: bool = False


def request_page(
    page: TicketPage, contact_id: int, zone: str, file_url: Callable[[Attachment], str]
) -> RequestPage:
    """Put the page into words, with every time in `zone`."""
    standing, policy, ticket = page.standing, page.policy, page.ticket
    status = policy.status(standing.status)
    moves = _moves(ticket)
    parts = {each.pk: each.number for each in page.parts}
    known = {id: each for each in reversed(page.policies) for id, each in _statuses(each).items()}
    labels = {move.seq: known[move.to].public_label for move in moves if move.to in known}
    onward = page.goes_on_in
    return RequestPage(
        number=ticket.number,
        subject=ticket.subject,
        status=_goes_on(onward) if onward else status.public_label,
        meaning="" if onward else status.meaning,
        is_done=status.is_done,
        timer=_timer(status, standing, page.ahead, zone, onward=onward),
        asks=asks_whether_it_works(policy, status),
        priority=priority_told(ticket, policy, standing),
        received=said_at(ticket.received_at, zone),
        promises=promises(standing.clocks, page.ledgers, zone, labels),
        turns=turns(page.messages, contact_id, Times(zone, standing.at), file_url, parts),
        about_reply=_about_reply(policy, status, onward, may_reply=page.takes_replies),
        may_reply=page.takes_replies,
        zone=zone,
        shares_problem=ticket.is_told_together and not status.is_done,
    )


def _statuses(policy: Policy) -> dict[str, Status]:
    return {each.id: each for each in policy.statuses}


def _moves(ticket: Ticket) -> list[Move]:
    rows = StoryEvent.objects.filter(ticket=ticket, kind="status").order_by("at", "seq")
    return [Move(*row) for row in rows.values_list("seq", "data__to")]


def _goes_on(onward: Ticket) -> str:
    return _("Goes on as %(number)s") % {"number": onward.number}


def _timer(
    status: Status, standing: Standing, ahead: Ahead, zone: str, *, onward: Ticket | None = None
) -> Timer:
    if onward is not None:
        return Timer(on=False, words=_("What we still owe you goes on there."), closes_at=None)
    closes_at = said_at(ahead.change.at, zone) if ahead.change else None
    return Timer(status.timer_on, _timer_words(status, standing), closes_at)


def _timer_words(status: Status, standing: Standing) -> str:
    """Why the clock stands, from the status alone: what an agent wrote as a reason was written for the desk."""
    if status.timer_on and any(clock.state is ClockState.closed_hours for clock in standing.clocks):
        return _("The clock is on. We are closed now, so it rests until we open.")
    if status.timer_on:
        return _("The clock is on: the time counts against our promise.")
    if status.category == "resolved":
        return _("The clock is stopped because we sent a solution.")
    if status.category == "closed":
        return _("The clock is stopped because the request is closed.")
    if waits_for_customer(status):
        return _("The clock is stopped because we are waiting for your answer.")
    if is_for_third_party(status):
        return _("The clock is stopped because somebody else has to do their part first.")
    return _("The clock is stopped because of the status “%(status)s”.") % {"status": status.public_label}


def waits_for_customer(status: Status) -> bool:
    """A status in which customers are reminded is one that waits for them."""
    return status.category == "waiting" and any(step.remind == "customer" for step in status.after)


def _about_reply(policy: Policy, status: Status, onward: Ticket | None, *, may_reply: bool) -> str:
    if onward is not None:
        return _("What you write arrives at %(number)s.") % {"number": onward.number}
    if not may_reply:
        return _(
            "This request was closed too long ago to open it again. Submit a new one and name its number."
        )
    if status.is_done:
        return _("Is it not solved? Just reply: that opens the request again.")
    if status.on_reply and policy.status(status.on_reply).timer_on and not status.timer_on:
        return _("Your reply starts the clock again.")
    return ""
