"""What the desk has promised on one request, clock by clock, in the customer's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from upheld.policy import (
    TOLD_TOGETHER,
    ClockStanding,
    ClockState,
    Ledger,
    LedgerLine,
    Metric,
    ledger_sentences,
)
from upheld.tickets.models import Ticket
from upheld.web.portal.presenting.say import said_at
from upheld.web.presenting.queue import current, stored_clocks
from upheld.web.presenting.times import When, length
from upheld.web.presenting.words import ICONS, METRICS


@dataclass(frozen=True, slots=True)
class Promise:
    """`lead`, `at` and `mark` make one sentence or its first half, `after` is the rest; `why` tells how the time came
    about."""

    metric: str
    heading: str
    state: str
    icon: str
    lead: str
    at: When | None
    mark: str
    after: str
    why: Sequence[str]
    clause: str


def promises(
    clocks: Sequence[ClockStanding], ledgers: Sequence[Ledger], zone: str, labels: Mapping[int, str]
) -> list[Promise]:
    """The promises that are being kept, or were: each metric's latest cycle, in the order of a request's life.

    `labels` are the public labels of the statuses that events of the story set, by their seq.
    """
    latest = current(clocks)
    ledger_of = {
        clock.metric: ledger
        for clock, ledger in zip(clocks, ledgers, strict=True)
        if clock is latest[clock.metric]
    }
    return [
        _promise(latest[metric], _for_customers(ledger_of[metric], labels), zone)
        for metric in METRICS
        if metric in latest
    ]


def stored_due(ticket: Ticket, metric: Metric) -> datetime | None:
    """By when the stored standing promises an answer that is still open."""
    clock = current(stored_clocks(ticket.standing)).get(metric)
    return clock.due_at if clock and clock.satisfied_at is None else None


def _promise(clock: ClockStanding, ledger: Ledger, zone: str) -> Promise:
    state = _state(clock)
    lead, instant, after = _words(clock, zone)
    return Promise(
        metric=clock.metric.value,
        heading=str(METRICS[clock.metric]),
        state=state,
        icon=ICONS[state],
        lead=lead,
        at=said_at(instant, zone) if instant else None,
        mark="," if after[:1].islower() else ".",
        after=after,
        why=ledger_sentences(ledger, zone=zone, audience="customer"),
        clause=ledger.clause,
    )


def _for_customers(ledger: Ledger, labels: Mapping[int, str]) -> Ledger:
    """The ledger as one reads a clock on the wall. Cut, not rounded: nobody is told a later minute than counts. A pause
    is told by its status: what an agent wrote as its reason was written for the desk."""
    lines = tuple(_line_for_customers(line, labels) for line in ledger.lines)
    return replace(
        ledger,
        started_at=_minute(ledger.started_at),
        due_at=_minute(ledger.due_at) if ledger.due_at else None,
        verdict_at=_minute(ledger.verdict_at) if ledger.verdict_at else None,
        satisfied_at=_minute(ledger.satisfied_at) if ledger.satisfied_at else None,
        lines=lines,
        ahead=tuple(_line_for_customers(line, labels) for line in ledger.ahead),
    )


def _line_for_customers(line: LedgerLine, labels: Mapping[int, str]) -> LedgerLine:
    start, end = _minute(line.start), _minute(line.end)
    counted = end - start if line.counted else line.counted
    reason = line.reason if line.cause is None else labels.get(line.cause, line.reason)
    if reason.startswith(TOLD_TOGETHER):
        reason = _("told together with others who have the same problem")
    return replace(line, start=start, end=end, counted=counted, reason=reason)


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _state(clock: ClockStanding) -> str:
    if clock.state is ClockState.ended:
        return "none"
    return clock.state.value.replace("_", "-")


def _words(clock: ClockStanding, zone: str) -> tuple[str, datetime | None, str]:
    match clock.state:
        case ClockState.met:
            return _("Done"), clock.satisfied_at, _("in time.")
        case ClockState.breached:
            return _late(clock, zone)
        case ClockState.paused:
            left = length(clock.budget - clock.used)
            return _("The clock is stopped."), None, _("%(left)s are left when it goes on.") % {"left": left}
        case ClockState.ended:
            return _("No longer counted."), None, ""
        case _ if clock.metric is Metric.update:
            return _("We write again by"), clock.due_at, ""
        case _:
            return _("By"), clock.due_at, ""


def _late(clock: ClockStanding, zone: str) -> tuple[str, datetime | None, str]:
    """A broken promise is told as one."""
    if clock.satisfied_at is None:
        return _("Promised by"), clock.due_at, _("We are late, and the desk knows it.")
    promised = said_at(clock.due_at, zone).text if clock.due_at else ""
    return _("Done"), clock.satisfied_at, _("later than promised: %(due)s.") % {"due": promised}
