"""What a ticket adds to the figures of its desk: a row for each clock in each of its cycles, and one for each pause.

Pure: values in, rows out. The pen stores them (`upheld.tickets.result_rows`), and a verification compares.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from upheld.policy import ClockStanding, Consequence, Course, Event, Known, Metric, Policy, Standing, Verdict
from upheld.policy.instants import read_instant

# Why a clock counts for nothing, where it is no exclusion of the policy: its ids have no hyphens.
SPAM = "marked-as-spam"
MERGED = "merged-ticket"
UNANSWERED = "closed-unanswered"
EXCLUDED = "left-out"
CORRECTED = "corrected-by-hand"

# How time came to be used up before anybody could know: a miss of its own kind.
RECLASSIFIED = ("reclassified", "admitted", "not spam", "published")

LONGEST_REASON = 250
_LEFT_OUT = (Verdict.transferred, Verdict.excluded, Verdict.abandoned)

# A team of the desk by its id, or by its name where the story tells only that.
TeamMark = int | str | None
_Clock = tuple[str, int]


class ClockRow(NamedTuple):
    """The columns of a ClockResult that come of the story, by their names."""

    metric: str
    cycle: int
    target: str
    falls_at: datetime | None
    verdict: str
    verdict_at: datetime | None
    cause: str
    correction: str
    left_out: str
    late_call: bool
    owed: bool
    priority: str
    plan: str
    product: str
    team: TeamMark

    @property
    def key(self) -> _Clock:
        return self.metric, self.cycle


class PauseRow(NamedTuple):
    """The columns of a PauseSpan that come of the story. `fact` is the number of the line that stopped the clocks; its
    agent is that of the pause."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    status: str
    reason: str
    by: str
    fact: int

    @property
    def key(self) -> int:
        return self.number


class Results(NamedTuple):
    """All rows of one ticket: its clocks in the order of metric and cycle, and its pauses as they came."""

    clocks: tuple[ClockRow, ...]
    pauses: tuple[PauseRow, ...]


NOTHING = Results((), ())


def results_of(
    course: Course,
    standing: Standing,
    recorded: Iterable[Consequence],
    facts: Sequence[Event],
    *,
    policies: Sequence[Policy],
    team: int | None,
    is_spam: bool,
) -> Results:
    """Return the rows of a ticket.

    `course` is what its versions of the policy make of the facts at an instant, `standing` the one of it with the
    verdicts in force that were recorded (`reconcile`), `recorded` the consequences that stand in its story then.
    `policies` are those under which it has lived, the latest first; `team` is the id of the team that has it.
    """
    recorded = list(recorded)
    is_over = is_spam or _is_done(standing, policies)
    judged = {
        **{_clock_of(each): each for each in standing.consequences if each.kind == "verdict"},
        **{_clock_of(each): each for each in recorded if each.kind == "verdict"},
    }
    listed = {(each.metric.value, each.cycle): each for each in standing.clocks}
    corrections = _corrections(standing, recorded, judged)
    what, calls = _What(course.values, facts, team), {each.entered_at for each in standing.late_calls}
    rows = [
        _judged_row(key, each, listed.get(key), corrections.get(key, ""), what)
        for key, each in judged.items()
    ] + [_open_row(key, each, what, is_spam=is_spam) for key, each in listed.items() if key not in judged]
    reasons = _reasons(facts, policies)
    clocks = [
        row._replace(
            left_out=SPAM if is_spam else _left_out(row, reasons),
            late_call=_answered_at(row, listed.get(row.key)) in calls,
            owed=not is_over and _is_owed(row, listed.get(row.key)),
        )
        for row in sorted(rows)
    ]
    pauses = [
        PauseRow(
            number,
            each.started_at,
            each.ended_at,
            each.status,
            each.reason[:LONGEST_REASON],
            each.by,
            each.cause,
        )
        for number, each in enumerate(course.pauses, start=1)
    ]
    return Results(tuple(clocks), tuple(pauses))


class _What:
    """What the ticket was at an instant: its priority, plan, product and team."""

    def __init__(self, values: Sequence[Known], facts: Sequence[Event], team: int | None) -> None:
        self._values = values
        self._teams = list(_teams(facts))
        self._team = team

    def at(self, at: datetime | None) -> dict[str, TeamMark]:
        """Return it by name of the column; at no instant, as it is now."""
        known = {each.name: each.value for each in self._values if at is None or each.since <= at}
        return {"priority": "", "plan": "", "product": ""} | known | {"team": self._team_at(at)}

    def _team_at(self, at: datetime | None) -> TeamMark:
        if at is None or all(since <= at for since, _ in self._teams):
            return self._team
        before = [mark for since, mark in self._teams if since <= at]
        return before[-1] if before else None


def _teams(facts: Sequence[Event]) -> Iterator[tuple[datetime, TeamMark]]:
    """Yield from when on which team had the ticket."""
    for fact in sorted(facts, key=lambda each: (each.at, each.seq)):
        data = fact.data
        if fact.kind == "handed_over":
            yield fact.at, data["desk_team"] if "desk_team" in data else data.get("team") or None
        elif fact.kind == "field" and data.get("name") == "team":
            yield fact.at, data["desk_team"] if "desk_team" in data else data.get("to") or None


def _judged_row(
    key: _Clock, verdict: Consequence, listed: ClockStanding | None, correction: str, what: _What
) -> ClockRow:
    data, due = verdict.data, verdict.data.get("due_at")
    return _row(
        key,
        what.at(verdict.at),
        target=str(data["target"]),
        falls_at=read_instant(due) if due else verdict.at,
        verdict=str(data["verdict"]),
        verdict_at=verdict.at,
        cause=str(data.get("cause") or ""),
        correction=correction,
    )


def _open_row(key: _Clock, clock: ClockStanding, what: _What, *, is_spam: bool) -> ClockRow:
    # What is spam is judged by nothing: its clocks were over when somebody said so.
    falls_at = clock.due_at or (clock.paused_since if is_spam else None)
    return _row(key, what.at(None), target=clock.target, falls_at=falls_at)


def _row(
    key: _Clock,
    what: Mapping[str, TeamMark],
    *,
    target: str,
    falls_at: datetime | None,
    verdict: str = "",
    verdict_at: datetime | None = None,
    cause: str = "",
    correction: str = "",
) -> ClockRow:
    return ClockRow(
        metric=key[0],
        cycle=key[1],
        target=target,
        falls_at=falls_at,
        verdict=verdict,
        verdict_at=verdict_at,
        cause=cause,
        correction=correction,
        left_out="",
        late_call=False,
        owed=False,
        priority=str(what["priority"]),
        plan=str(what["plan"]),
        product=str(what["product"]),
        team=what["team"],
    )


def _clock_of(consequence: Consequence) -> _Clock:
    return str(consequence.data.get("metric")), int(consequence.data.get("cycle", 0))


def _corrections(
    standing: Standing, recorded: Sequence[Consequence], judged: Mapping[_Clock, Consequence]
) -> dict[_Clock, str]:
    """Return the verdicts that hold in place of others: the last one that somebody gave, else the one that the facts
    known today give."""
    found = {
        clock: str(each.data["verdict"])
        for each in standing.consequences
        if each.kind == "verdict" and (clock := _clock_of(each)) in judged
        if judged[clock].data["verdict"] != each.data["verdict"]
    }
    by_hand = {
        each.key: each
        for each in (*recorded, *standing.consequences)
        if each.kind == "correction" and each.data.get("cause") == "agent"
    }
    for each in sorted(by_hand.values(), key=_made):
        found[_clock_of(each)] = str(each.data["verdict"])
    return found


def _made(correction: Consequence) -> tuple[datetime, int]:
    return correction.at, int(correction.key.rpartition(":")[2])


def _reasons(facts: Iterable[Event], policies: Sequence[Policy]) -> dict[datetime, str]:
    """Return the exclusions that were named when a ticket was closed, by the instant."""
    return {
        fact.at: str(reason)
        for fact in facts
        if fact.kind == "status" and (reason := fact.data.get("reason"))
        if any(policy.exclusion(reason) is not None for policy in policies)
    }


def _left_out(row: ClockRow, reasons: Mapping[datetime, str]) -> str:
    holds = row.correction or row.verdict
    if holds not in _LEFT_OUT:
        return ""
    if row.correction:
        return CORRECTED
    if row.cause == "merged":
        return MERGED
    if row.verdict == Verdict.abandoned:
        return UNANSWERED
    return EXCLUDED if row.verdict_at is None else reasons.get(row.verdict_at, EXCLUDED)


def _answered_at(row: ClockRow, listed: ClockStanding | None) -> datetime | None:
    """When somebody answered; of an interval of a cadence that is listed no more, with its verdict."""
    if row.metric == Metric.resolution:
        return None
    if listed is not None:
        return listed.satisfied_at
    return row.verdict_at if row.verdict == Verdict.met else None


def _is_owed(row: ClockRow, listed: ClockStanding | None) -> bool:
    """Whether somebody still waits for it. Of a cadence what was missed is over: the next interval runs."""
    if not row.verdict:
        return True
    has_run_out = row.verdict == Verdict.breached and row.metric != Metric.update
    return has_run_out and listed is not None and listed.satisfied_at is None


def _is_done(standing: Standing, policies: Sequence[Policy]) -> bool:
    known = next((each for each in policies if each.has_status(standing.status)), None)
    return known is not None and known.status(standing.status).is_done
