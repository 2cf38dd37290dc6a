"""Each clock of a ticket as a card: how it stands, when it is due, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from upheld.policy import ClockStanding, ClockState, Ledger, LedgerLine, Policy, Verdict, ledger_sentences
from upheld.tickets.models import StoryEvent
from upheld.tickets.versions import calendar_of
from upheld.web.presenting.own_words import OwnWords
from upheld.web.presenting.remaining import Remaining, remaining
from upheld.web.presenting.times import Times, When, length
from upheld.web.presenting.words import ICONS, LINES, METRICS, STATES, VERDICTS


@dataclass(frozen=True, slots=True)
class LedgerRow:
    kind: str
    kind_words: str
    start: When
    end: When
    counted: str
    reason: str
    balance: str


@dataclass(frozen=True, slots=True)
class ClockCard:
    id: str
    metric: str
    cycle: int
    is_current: bool
    state: str
    icon: str
    words: str
    target: str
    clause: str
    hours: str
    due: When | None
    remaining: Remaining | None
    verdict: str
    verdict_at: When | None
    answered_late: When | None
    paused_since: When | None
    pause_reason: str
    used: str
    left: str
    budget: str
    used_permille: int
    sentences: Sequence[str]
    lines: Sequence[LedgerRow]
    ahead: Sequence[LedgerRow]
    clock: ClockStanding
    ledger: Ledger

    @property
    def waits(self) -> bool:
        """Whether somebody still has to do something for this promise."""
        return self.clock.satisfied_at is None and self.clock.state is not ClockState.ended


def clock_cards(
    clocks: Sequence[ClockStanding],
    ledgers: Sequence[Ledger],
    policies: Sequence[Policy],
    times: Times,
    zone: str,
    story: Sequence[StoryEvent] = (),
) -> list[ClockCard]:
    """One card a clock, those of a metric together, its latest cycle first. `policies` are those under which the ticket
    has lived."""
    own_words = OwnWords(story, policies)
    ledgers = [own_words.ledger(ledger) for ledger in ledgers]
    latest = {clock.metric: clock.cycle for clock in sorted(clocks, key=lambda each: each.cycle)}
    cards = [
        _card(clock, ledger, policies, times, zone, is_current=latest[clock.metric] == clock.cycle)
        for clock, ledger in zip(clocks, ledgers, strict=True)
    ]
    order = list(METRICS)
    return sorted(cards, key=lambda card: (order.index(card.clock.metric), -card.cycle))


def state_of(clock: ClockStanding, times: Times) -> str:
    """The meaning under which a clock is coloured and iconed."""
    match clock.state:
        case ClockState.running | ClockState.closed_hours if _is_soon(clock, times):
            return "due-soon"
        case ClockState.closed_hours:
            return "closed-hours"
        case ClockState.ended:
            return "none"
        case state:
            return state.value


def _is_soon(clock: ClockStanding, times: Times) -> bool:
    return clock.warn_at is not None and clock.warn_at <= times.now


def _card(
    clock: ClockStanding,
    ledger: Ledger,
    policies: Sequence[Policy],
    times: Times,
    zone: str,
    *,
    is_current: bool,
) -> ClockCard:
    state = state_of(clock, times)
    late = clock.satisfied_at if clock.verdict is Verdict.breached else None
    return ClockCard(
        id=f"clock-{clock.metric.value}-{clock.cycle}",
        metric=str(METRICS[clock.metric]),
        cycle=clock.cycle,
        is_current=is_current,
        state=state,
        icon=ICONS[state],
        words=_words(clock, state),
        target=clock.target_label,
        clause=ledger.clause,
        hours=ledger.calendar_hours or "",
        due=times.optional(clock.due_at),
        remaining=_remaining(clock, policies, times),
        verdict=str(VERDICTS[clock.verdict]) if clock.verdict else "",
        verdict_at=times.optional(clock.verdict_at),
        answered_late=times.optional(late),
        paused_since=times.optional(clock.paused_since),
        pause_reason=_pause_reason(clock, ledger),
        used=length(clock.used),
        left=length(clock.budget - clock.used),
        budget=length(clock.budget),
        used_permille=int(1000 * clock.used / clock.budget) if clock.budget else 1000,
        sentences=ledger_sentences(ledger, zone=zone, audience="agent"),
        lines=list(_rows(ledger.lines, timedelta(), times)),
        ahead=list(_rows(ledger.ahead, ledger.used, times)),
        clock=clock,
        ledger=ledger,
    )


def _words(clock: ClockStanding, state: str) -> str:
    if state == "due-soon":
        return _("Due soon")
    if clock.state is ClockState.ended and clock.verdict:
        return str(VERDICTS[clock.verdict])
    return str(STATES[clock.state])


def _remaining(clock: ClockStanding, policies: Sequence[Policy], times: Times) -> Remaining | None:
    """Time left, or time over while nobody has answered yet."""
    waits = clock.due_at is not None and clock.satisfied_at is None
    if not waits or clock.state not in (ClockState.running, ClockState.closed_hours, ClockState.breached):
        return None
    return remaining(clock.due_at, calendar_of(clock, policies, times.now), times.now)


def _pause_reason(clock: ClockStanding, ledger: Ledger) -> str:
    """Why it stands still: what the ledger says of the stretch that still lasts."""
    if clock.pause_reason and ledger.lines and ledger.lines[-1].kind == "paused":
        return ledger.lines[-1].reason
    return clock.pause_reason or ""


def _rows(lines: Sequence[LedgerLine], used: timedelta, times: Times) -> Iterator[LedgerRow]:
    """The lines as an account: each with what has been used by its end."""
    for line in lines:
        used += line.counted
        yield _row(line, used, times)


def _row(line: LedgerLine, used: timedelta, times: Times) -> LedgerRow:
    return LedgerRow(
        kind=line.kind,
        kind_words=str(LINES[line.kind]),
        start=times.when(line.start),
        end=times.when(line.end),
        counted=length(line.counted) if line.counted else "",
        reason=line.reason,
        balance=length(used) if line.counted else "",
    )
