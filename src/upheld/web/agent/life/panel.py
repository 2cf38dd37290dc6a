"""What a ticket's page says of its life: what may be promised, what comes by itself, and what its statuses mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.policy import Metric
from upheld.rules.promise_times import Offer, offers
from upheld.tickets.letters import current_clock
from upheld.tickets.promising import may_be_promised, working_calendar
from upheld.tickets.solving import asks_whether_it_works
from upheld.tickets.ticket_page import TicketPage
from upheld.web.agent.life.effects import Coming, clocks_of, coming
from upheld.web.presenting.times import Times, When
from upheld.web.presenting.words import METRICS


@dataclass(frozen=True, slots=True)
class Chip:
    """A time that is offered; `value` is what the form sends."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class ToPromise:
    """Something for which an agent may promise a time; `due` is what is promised now, if anything is."""

    metric: str
    heading: str
    due: When | None


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A status that may be set now: both labels, and which clocks run in it."""

    label: str
    public_label: str
    meaning: str
    clocks: str


@dataclass(frozen=True, slots=True)
class Life:
    to_promise: Sequence[ToPromise]
    chips: Sequence[Chip]
    soonest: str
    comes: Sequence[Coming]
    asks: bool
    statuses: Sequence[StatusRow]


def life(page: TicketPage, times: Times) -> Life:
    """Return the panel of a ticket's page."""
    policy, standing = page.policy, page.standing
    status = policy.status(standing.status)
    promised = may_be_promised(policy, standing)
    here = [policy.status(each) for each in (status.id, *policy.moves(status.id))]
    return Life(
        to_promise=[_to_promise(page, each, times) for each in promised],
        chips=[_chip(each, times) for each in offers(working_calendar(policy, standing), times.now)]
        if promised
        else [],
        soonest=times.now.astimezone(times.zone).strftime("%Y-%m-%dT%H:%M"),
        comes=coming(page.ahead, policy, times),
        asks=asks_whether_it_works(policy, status),
        statuses=[
            StatusRow(each.label, each.public_label, each.meaning, clocks_of(policy, each)) for each in here
        ],
    )


def _to_promise(page: TicketPage, metric: Metric, times: Times) -> ToPromise:
    clock = current_clock(page.standing, metric)
    due = clock.due_at if clock is not None and clock.satisfied_at is None and clock.verdict is None else None
    return ToPromise(metric.value, str(METRICS[metric]), times.optional(due))


def _chip(offer: Offer, times: Times) -> Chip:
    said = {"time": times.when(offer.at).text}
    words = _("%(time)s, by closing") if offer.kind == "closing" else "%(time)s"
    return Chip(offer.at.isoformat(), words % said)
