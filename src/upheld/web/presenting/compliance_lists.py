"""The clocks and pauses behind the figures of a month, in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _

from upheld.insight.corrections import ClockKey, Correction
from upheld.insight.figures import Outcome, Side
from upheld.insight.naming import Names
from upheld.policy import Policy, Verdict
from upheld.tickets.models import ClockResult, PauseSpan, Ticket
from upheld.tickets.results import RECLASSIFIED
from upheld.tickets.versions import policies_of
from upheld.web.presenting.compliance import (
    MARKS,
    OUTCOMES,
    WITHOUT,
    author_words,
    metric_words,
    pause_words,
)
from upheld.web.presenting.times import Times, When, plain_length
from upheld.web.presenting.words import ICONS, VERDICTS

_STATES = {
    Outcome.met: "met",
    Outcome.missed: "breached",
    Outcome.overdue: "breached",
    Outcome.pending: "running",
}


@dataclass(frozen=True, slots=True)
class TicketCell:
    number: str
    url: str
    subject: str
    requester: str


@dataclass(frozen=True, slots=True)
class ClockRow:
    """`late` is how long after the due instant somebody answered, or how long nobody has; `why_url` leads to the
    explanation."""

    ticket: TicketCell
    metric: str
    cycle: int
    why_url: str
    priority: str
    team: str
    due: When
    state: str
    icon: str
    words: str
    late: str
    first: str
    corrected: str
    marks: Sequence[str]


@dataclass(frozen=True, slots=True)
class PauseRow:
    ticket: TicketCell
    reason: str
    author: str
    began: When
    ended: When | None
    time: str


def chosen_clocks(
    names: Names,
    metrics: Iterable[str],
    side: Side,
    key: str,
    outcomes: Iterable[Outcome],
    mark: str,
    left_out: str,
) -> list[str]:
    """Which clocks a list has, in words; nothing where it has all."""
    said = [", ".join(map(metric_words, metrics))]
    if side is not Side.metric:
        said.append(names.label(side, key) or str(WITHOUT[side]))
    said.append(", ".join(str(OUTCOMES[each]) for each in outcomes))
    said += [str(MARKS.get(mark, "")), names.reason(left_out)]
    return [each for each in said if each]


def clock_rows(
    rows: Iterable[ClockResult], corrections: Mapping[ClockKey, Correction], times: Times
) -> list[ClockRow]:
    """Return a row for each clock; each has its `outcome`, and its ticket with it."""
    return [_clock(each, corrections, times) for each in rows]


def _clock(row: ClockResult, corrections: Mapping[ClockKey, Correction], times: Times) -> ClockRow:
    outcome, ticket = Outcome(row.outcome), _ticket(row.ticket)  # type: ignore[attr-defined]
    state = _STATES.get(outcome, "none")
    first = str(VERDICTS[Verdict(row.verdict)]) if row.correction and row.verdict else ""
    correction = corrections.get((row.ticket_id, row.metric, row.cycle))
    # A month has no others.
    due = cast(datetime, row.falls_at)
    return ClockRow(
        ticket=ticket,
        metric=metric_words(row.metric),
        cycle=row.cycle,
        why_url=f"{ticket.url}#clock-{row.metric}-{row.cycle}",
        priority=_priority(policies_of(row.ticket), row.priority),
        team=row.team.name if row.team else "",
        due=times.when(due),
        state=state,
        icon=ICONS[state],
        words=str(OUTCOMES[outcome]),
        late=_late(row, due, outcome, times.now),
        first=first,
        corrected=_corrected(correction) if correction and row.correction else "",
        marks=tuple(_marks(row)),
    )


def _ticket(ticket: Ticket) -> TicketCell:
    url = reverse("ticket", args=[ticket.number])
    return TicketCell(ticket.number, url, ticket.subject, str(ticket.requester))


def _priority(policies: Sequence[Policy], id: str) -> str:
    known = (each for policy in policies for each in policy.priorities if each.id == id)
    return next((each.label for each in known), id)


def _late(row: ClockResult, due: datetime, outcome: Outcome, now: datetime) -> str:
    """How late: until the answer, where the ticket's standing still has it, or until now while it is open."""
    if outcome is Outcome.overdue:
        return _("%(time)s so far") % {"time": plain_length(now - due)}
    answered = _answered(row)
    if outcome is not Outcome.missed or answered is None or answered <= due:
        return ""
    return plain_length(answered - due)


def _answered(row: ClockResult) -> datetime | None:
    for each in row.ticket.standing.get("clocks", ()):
        if (each.get("metric"), each.get("cycle")) == (row.metric, row.cycle) and each.get("satisfied_at"):
            return datetime.fromisoformat(each["satisfied_at"])
    return None


def _marks(row: ClockResult) -> Iterator[str]:
    if row.outcome == Outcome.missed and row.cause in RECLASSIFIED:  # type: ignore[attr-defined]
        yield _("its time was used up before anybody could know")
    if row.late_call:
        yield _("by a call that was entered too late")


def _corrected(correction: Correction) -> str:
    said = _("corrected by %(name)s") % {"name": correction.by} if correction.by else _("corrected")
    return f"{said}: {correction.reason}" if correction.reason else said


def pause_rows(
    rows: Iterable[PauseSpan], names: Names, start: datetime, until: datetime, times: Times
) -> list[PauseRow]:
    """Return a row for each pause; `time` is what lies in [start, until)."""
    return [_pause(each, names, start, until, times) for each in rows]


def _pause(row: PauseSpan, names: Names, start: datetime, until: datetime, times: Times) -> PauseRow:
    within = min(row.ended_at or until, until) - max(row.started_at, start)
    return PauseRow(
        ticket=_ticket(row.ticket),
        reason=pause_words(names.status(row.status), row.reason),
        author=author_words(row.agent.name if row.agent else row.by, row.agent_id),
        began=times.when(row.started_at),
        ended=times.optional(row.ended_at),
        time=plain_length(max(within, timedelta())),
    )
