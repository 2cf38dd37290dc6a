"""The ledgers of a ticket, built when somebody asks."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from upheld.clock import Calendar, from_micros, to_duration, to_micros
from upheld.policy.clocks import clocks_of
from upheld.policy.ledger import Ledger, LedgerLine
from upheld.policy.path import Path, follow
from upheld.policy.plan import Plan
from upheld.policy.policy import Policy
from upheld.policy.run import Clock
from upheld.policy.standing import Verdict
from upheld.policy.stay import Stay
from upheld.policy.story import Event

_NOTHING = timedelta(0)


def explain(policy: Policy, story: Sequence[Event], at: datetime) -> tuple[Ledger, ...]:
    """Return one ledger for each clock and cycle that `evaluate` returns, in the same order."""
    now = to_micros(at)
    path = follow(policy, story, now)
    return tuple(
        _ledger(path, clock, clock.plan, now) for clock in clocks_of(path, now) if clock.plan is not None
    )


def _ledger(path: Path, clock: Clock, plan: Plan, now: int) -> Ledger:
    name = plan.target.amount.calendar
    rests = clock.verdict is None and clock.resting is not None
    return Ledger(
        metric=clock.metric,
        cycle=clock.cycle,
        target=plan.target.id,
        clause=plan.target.clause,
        calendar=name,
        calendar_hours=None if name is None else path.policy.calendar_hours.get(name, ""),
        started_at=from_micros(clock.counts_from),
        due_at=None if rests or clock.due is None else from_micros(clock.due),
        budget=to_duration(plan.budget),
        used=to_duration(clock.used),
        verdict=clock.verdict,
        verdict_at=None if clock.verdict is None else from_micros(clock.verdict_at),
        satisfied_at=None if clock.satisfied is None else from_micros(clock.satisfied),
        lines=tuple(_lines(path, clock, plan, now if clock.ended is None else clock.ended)),
    )


def _lines(path: Path, clock: Clock, plan: Plan, end: int) -> Iterator[LedgerLine]:
    stays = path.stays
    breached = clock.verdict is Verdict.breached and clock.due is not None
    due = min(clock.due, end) if breached and clock.due is not None else end
    for number, stay in enumerate(stays):
        next_start = stays[number + 1].start if number + 1 < len(stays) else end
        start = max(stay.start, clock.counts_from)
        yield from _before_due(path, clock, plan, stay, start, min(next_start, due))
    if due < end:
        yield _line(max(due, clock.counts_from), end, "after", "after the due time", None)


def _before_due(
    path: Path, clock: Clock, plan: Plan, stay: Stay, start: int, end: int
) -> Iterator[LedgerLine]:
    if start >= end:
        return
    if clock.metric not in stay.status.clocks:
        yield _line(start, end, "paused", stay.reason or stay.status.public_label, stay.cause)
        return
    reached = start
    for opens, closes in plan.measure.spans(start, end):
        yield from _closed(path, plan, reached, opens)
        counted = to_duration(closes - opens)
        yield LedgerLine(
            from_micros(opens), from_micros(closes), "ran", counted, stay.status.public_label, stay.cause
        )
        reached = closes
    yield from _closed(path, plan, reached, end)


def _closed(path: Path, plan: Plan, start: int, end: int) -> Iterator[LedgerLine]:
    """Tell closed time, split where a day off begins or ends."""
    name = plan.target.amount.calendar
    if start >= end or name is None:
        return
    names = path.policy.holiday_names.get(name, {})
    reached = start
    for day, begins, ends in _days_off(path.policy.calendars[name], start, end):
        if reached < begins:
            yield _line(reached, begins, "closed", "outside the hours", None)
        yield _line(begins, ends, "holiday", names.get(day, "closed that day"), None)
        reached = ends
    if reached < end:
        yield _line(reached, end, "closed", "outside the hours", None)


def _days_off(calendar: Calendar, start: int, end: int) -> Iterator[tuple[date, int, int]]:
    day, last = calendar.local_date(from_micros(start)), calendar.local_date(from_micros(end))
    while day <= last:
        following = day + timedelta(days=1)
        if calendar.is_day_off(day):
            begins = max(start, to_micros(calendar.midnight(day)))
            ends = min(end, to_micros(calendar.midnight(following)))
            if begins < ends:
                yield day, begins, ends
        day = following


def _line(start: int, end: int, kind: str, reason: str, cause: int | None) -> LedgerLine:
    return LedgerLine(from_micros(start), from_micros(end), kind, _NOTHING, reason, cause)
