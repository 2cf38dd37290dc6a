"""The ledgers of a ticket, built when somebody asks."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from upheld.clock import Calendar, from_micros, to_duration, to_micros
from upheld.policy.clocks import clocks_of
from upheld.policy.evaluation import shown
from upheld.policy.lane import Lane
from upheld.policy.ledger import Ledger, LedgerLine, Rival
from upheld.policy.parts import Start
from upheld.policy.path import InForce, Path
from upheld.policy.policy import Policy
from upheld.policy.run import Clock
from upheld.policy.standing import Metric, Verdict
from upheld.policy.stay import Stretch, rest_of
from upheld.policy.story import Event
from upheld.policy.stretches import has_unbroken, pieces, unbroken
from upheld.policy.walk import follow

_NOTHING = timedelta(0)


def explain(policy: Policy, story: Sequence[Event], at: datetime) -> tuple[Ledger, ...]:
    """Return one ledger for each clock and cycle that `evaluate` returns, in the same order."""
    return explain_under((InForce(policy),), story, at)


def explain_under(versions: Sequence[InForce], story: Sequence[Event], at: datetime) -> tuple[Ledger, ...]:
    """Return the ledgers of a ticket that has lived under several versions of its policy."""
    now = to_micros(at)
    path = follow(versions, story, now)
    return tuple(_ledger(path, clock, now) for clock in shown(clocks_of(path, now)))


def _ledger(path: Path, clock: Clock, now: int) -> Ledger:
    lane = clock.lanes[0]
    name = lane.target.amount.calendar
    policy = _policy_of(path, lane)
    rests = clock.rest_now is not None
    corrections = (
        each for each in path.corrections if (each.metric, each.cycle) == (clock.metric, clock.cycle)
    )
    return Ledger(
        metric=clock.metric,
        cycle=clock.cycle,
        target=lane.target.id,
        clause=lane.target.clause,
        calendar=name,
        calendar_hours=None if name is None else policy.calendar_hours.get(name, ""),
        started_at=from_micros(lane.counts_from),
        due_at=None if rests or clock.due is None else from_micros(clock.due),
        budget=to_duration(lane.budget),
        used=to_duration(lane.used),
        verdict=clock.verdict,
        verdict_at=None if clock.verdict is None else from_micros(clock.verdict_at),
        satisfied_at=None if clock.satisfied is None else from_micros(clock.satisfied),
        lines=tuple(_lines(path, clock, lane, now if clock.ended is None else clock.ended)),
        promise=_promise(clock, lane),
        counts_from=_counts_from(path, clock, lane),
        rivals=tuple(_rivals(clock)),
        cause=clock.cause,
        correction=next((each.verdict for each in corrections if clock.verdict is not None), None),
        ahead=tuple(_ahead(path, clock, lane, now)),
        calendar_zone=_zone_of(policy, name),
    )


def _policy_of(path: Path, lane: Lane) -> Policy:
    """Return the version of the policy on whose calendar a target is counted."""
    name = lane.target.amount.calendar
    for _, policy, _ in reversed(path.cases):
        calendar = policy.calendars.get(name or "")
        if calendar is not None and calendar.timeline is lane.measure:
            return policy
    return path.policy


def _zone_of(policy: Policy, calendar: str | None) -> str | None:
    found = policy.calendars.get(calendar or "")
    return None if found is None else found.zone


def _promise(clock: Clock, lane: Lane) -> str:
    plan = next((plan for plan in clock.plans if plan.target is lane.target), None)
    return lane.target.amount.text if plan is None else plan.term(clock.start).amount.text


def _counts_from(path: Path, clock: Clock, lane: Lane) -> str:
    """Say which event a clock counts from."""
    if lane.origin is not None:
        return "taken over"
    if lane.target.amount.text == "discretionary":
        return "promised"
    if lane.counts_from > clock.start:
        starts = {Start.acknowledged: "acknowledged", Start.next_opening: "next opening"}
        return starts.get(lane.target.start, "named")
    if clock.silence is not None and clock.silence.since != clock.start:
        return "missed"
    if clock.start == path.received:
        return "received"
    if any(answer.at == clock.start for answer in path.answers):
        return "updated"
    return "written" if any(ask.at == clock.start for ask in path.asks) else "reopened"


def _rivals(clock: Clock) -> Iterator[Rival]:
    lead = clock.lanes[0]
    for lane in clock.lanes[1:]:
        target = lane.target
        later = to_duration(max(0, lane.due_at - lead.due_at))
        yield Rival(target.id, target.label, target.clause, from_micros(lane.due_at), later)


def _lines(path: Path, clock: Clock, lane: Lane, end: int) -> Iterator[LedgerLine]:
    start = lane.counts_from
    if lane.carried_until > start and end > start:
        reached = min(lane.carried_until, end)
        reason = "under the version before" if lane.origin is None else f"on {lane.origin}"
        # Of what was used before, no more counts than the new promise has.
        counted = to_duration(min(lane.carried, lane.budget))
        yield LedgerLine(from_micros(start), from_micros(reached), "carried", counted, reason, None)
        start = reached
    breached = clock.verdict is Verdict.breached and clock.due is not None
    due = max(start, min(clock.due, end)) if breached and clock.due is not None else end
    parts: Iterable[Stretch] = pieces(path, clock.metric, end)
    if clock.metric is Metric.update and has_unbroken(path):
        parts = unbroken(path, clock.metric, clock.start, parts)
    for part in parts:
        begins, stops = max(part.start, start), min(part.end, due)
        if begins < stops:
            yield from _before_due(path, clock, lane, part, begins, stops)
    if due < end:
        yield _line(due, end, "after", "after the due time", None)


def _before_due(
    path: Path, clock: Clock, lane: Lane, part: Stretch, start: int, end: int
) -> Iterator[LedgerLine]:
    """Tell a stretch: where the clock ran, and where it did not and why."""
    reached = start
    for begins, stops in _ran(clock, start, end):
        if reached < begins:
            yield _pause(part, reached, begins)
        yield from _running(path, lane, part, begins, stops)
        reached = stops
    if reached < end:
        yield _pause(part, reached, end)


def _ran(clock: Clock, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = max(0, bisect_right(clock.ran, (start, start)) - 1)
    for begins, stops in clock.ran[first:]:
        if begins >= end:
            return
        if max(begins, start) < min(stops, end):
            yield max(begins, start), min(stops, end)


def _pause(part: Stretch, start: int, end: int) -> LedgerLine:
    rest = None if part.rest is None else rest_of(part.rest)
    reason = part.stay.status.public_label if rest is None else rest.reason
    cause = part.stay.cause if rest is None else rest.cause
    author = None if rest is None or rest.author is None else rest.author.value
    return LedgerLine(from_micros(start), from_micros(end), "paused", _NOTHING, reason, cause, author)


def _running(path: Path, lane: Lane, part: Stretch, start: int, end: int) -> Iterator[LedgerLine]:
    told = part.stay.status.public_label
    reason = told if part.rest is None else f"{rest_of(part.rest).reason}, counted after all"
    reached = start
    for opens, closes in lane.measure.spans(start, end):
        yield from _closed(path, lane, reached, opens)
        counted = to_duration(closes - opens)
        yield LedgerLine(from_micros(opens), from_micros(closes), "ran", counted, reason, part.stay.cause)
        reached = closes
    yield from _closed(path, lane, reached, end)


def _ahead(path: Path, clock: Clock, lane: Lane, now: int) -> Iterator[LedgerLine]:
    """Tell what lies between now and the due instant, if the clock goes on as it does."""
    over = clock.verdict is not None or clock.ended is not None
    if over or clock.rest is not None or clock.due is None:
        return
    reached = max(now, lane.counts_from)
    for opens, closes in lane.measure.spans(reached, clock.due):
        yield from _closed(path, lane, reached, opens)
        counted = to_duration(closes - opens)
        yield LedgerLine(from_micros(opens), from_micros(closes), "ahead", counted, "", None)
        reached = closes
    yield from _closed(path, lane, reached, clock.due)


def _closed(path: Path, lane: Lane, start: int, end: int) -> Iterator[LedgerLine]:
    """Tell closed time, split where a day off begins or ends."""
    name = lane.target.amount.calendar
    if start >= end or name is None:
        return
    policy = _policy_of(path, lane)
    names = policy.holiday_names.get(name, {})
    reached = start
    for day, begins, ends in _days_off(policy.calendars[name], start, end):
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
