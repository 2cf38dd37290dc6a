"""Why two policies differ about a story, in a few sentences. The ledgers are asked, so this is for a few stories."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from upheld.clock import zone
from upheld.policy.evaluation import evaluate_under
from upheld.policy.explanation import explain_under
from upheld.policy.ledger import Ledger, LedgerLine
from upheld.policy.path import InForce
from upheld.policy.policy import Policy
from upheld.policy.sentences import duration_text
from upheld.policy.simulation.difference import ClockDifference, CountDifference, Difference, compare
from upheld.policy.simulation.labels import metric_label, sort_label
from upheld.policy.simulation.past import Renames
from upheld.policy.simulation.simulating import other_side
from upheld.policy.simulation.tally import Differing
from upheld.policy.standing import ClockStanding, Metric, Standing, Verdict
from upheld.policy.story import Event
from upheld.policy.wording import ENGLISH

_TOLD = 2
_Ledgers = Mapping[tuple[Metric, int], Ledger]


@dataclass(frozen=True, slots=True)
class Told:
    """One story about which two policies, called `names`, differ: explained."""

    place: int
    name: str
    at: datetime
    names: tuple[str, str]
    difference: Difference
    clauses: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...]


def tell(
    policy: Policy,
    against: Policy | Mapping[int, InForce],
    differing: Differing,
    names: tuple[str, str],
    renames: Renames | None = None,
) -> Told:
    """Explain a difference; `names` are what the two policies are called in the sentences."""
    renames = renames or Renames()
    others, events = other_side(against, differing.versions, differing.events, renames)
    ours = _Side(names[0], (InForce(policy),), renames.retold(differing.events), differing.at)
    theirs = _Side(names[1], others, events, differing.at)
    difference = compare(ours.standing, theirs.standing, renames)
    if difference is None:
        raise ValueError("the policies do not differ about this story")
    return Told(
        differing.place,
        differing.name,
        differing.at,
        names,
        difference,
        tuple((ours.clause(each.policy), theirs.clause(each.against)) for each in difference.clocks),
        tuple(_sentences(difference, ours, theirs, zone(policy.zone))),
    )


class _Side:
    """One of the two policies, and what it makes of the story."""

    def __init__(self, name: str, versions: Sequence[InForce], events: Sequence[Event], at: datetime) -> None:
        self.name = name
        self.standing: Standing = evaluate_under(versions, events, at)
        ledgers = explain_under(versions, events, at)
        self._ledgers: _Ledgers = {(each.metric, each.cycle): each for each in ledgers}

    def ledger(self, clock: ClockStanding) -> Ledger:
        """Return the ledger of a clock."""
        return self._ledgers[clock.metric, clock.cycle]

    def clause(self, clock: ClockStanding | None) -> str:
        """Return the clause by which a clock runs, as the document words it."""
        return "" if clock is None else self.ledger(clock).clause.rstrip(".")

    def governing(self, clock: ClockStanding) -> str:
        """Say which target governs a clock: what it gives, and its clause."""
        return f"by {clock.target} ({self.ledger(clock).promise}: “{self.clause(clock)}”)"

    def without_clock(self, metric: Metric) -> str:
        """Say that there is no clock, and why."""
        kinds = [each.kind for each in self.standing.unclocked if each.metric is metric]
        return f"{kinds[0].replace('_', ' ')}, no clock runs" if kinds else "no clock runs"


def _sentences(difference: Difference, ours: _Side, theirs: _Side, local: ZoneInfo) -> Iterator[str]:
    told = sorted(difference.clocks, key=_importance)
    for clock in told[:_TOLD]:
        yield f"{_heading(clock)}: {_said(clock.policy, clock, ours, local)}; " + (
            f"{_said(clock.against, clock, theirs, local)}."
        )
        yield from _parting(clock, ours, theirs, local)
    if len(told) > _TOLD:
        yield f"So do {_number(len(told) - _TOLD, 'clock')} more."
    yield from _counts(difference.counts, ours.name)
    if difference.status is not None:
        here, there = difference.status
        yield f"Its status is {here} under {ours.name}, {there} under {theirs.name}."
    if difference.priority is not None:
        here, there = difference.priority
        yield f"Its priority is {here} under {ours.name}, {there} under {theirs.name}."


def _importance(clock: ClockDifference) -> tuple[bool, bool, int]:
    ours, theirs = clock.outcomes
    breached = Verdict.breached.value
    return (ours == breached) == (theirs == breached), ours == theirs, -abs(clock.shift)


def _heading(clock: ClockDifference) -> str:
    cycle = f", cycle {clock.cycle}" if clock.cycle > 1 else ""
    latest = ", the latest interval" if clock.cycle == 0 else ""
    return f"{metric_label(clock.metric)}{cycle}{latest}"


def _said(clock: ClockStanding | None, pair: ClockDifference, side: _Side, local: ZoneInfo) -> str:
    """Say when a clock is due, how it ended, and which clause governs."""
    under = f"under {side.name}"
    if clock is None:
        return f"{under} {side.without_clock(pair.metric)}"
    by = side.governing(clock)
    if clock.due_at is None:
        return f"{under} it stands still with {duration_text(clock.budget - clock.used)} left, {by}"
    at = _instant(clock.due_at, local)
    if clock.verdict is None:
        return f"{under} it is due {at}, {by}"
    ended = clock.verdict.value
    if clock.verdict is Verdict.breached and clock.satisfied_at is not None:
        ended += f", answered {_instant(clock.satisfied_at, local)}"
    return f"{under} it was due {at}, {by}, and is {ended}"


def _parting(clock: ClockDifference, ours: _Side, theirs: _Side, local: ZoneInfo) -> Iterator[str]:
    """Where both promise the same, say from when on and why their clocks go apart."""
    if clock.policy is None or clock.against is None:
        return
    here, there = ours.ledger(clock.policy), theirs.ledger(clock.against)
    if here.promise != there.promise:
        return
    if here.started_at != there.started_at:
        yield (
            f"It counts from {_instant(here.started_at, local)} under {ours.name}, "
            f"from {_instant(there.started_at, local)} under {theirs.name}."
        )
        return
    found = _first_apart(here.lines, there.lines)
    if found is not None:
        at, mine, other = found
        yield (
            f"They part {_instant(at, local)}: under {ours.name} {_doing(mine)}, "
            f"under {theirs.name} {_doing(other)}."
        )


def _first_apart(
    ours: Sequence[LedgerLine], theirs: Sequence[LedgerLine]
) -> tuple[datetime, LedgerLine, LedgerLine] | None:
    """Return the first instant at which one clock ran and the other did not, with their lines."""
    mine, other = 0, 0
    while mine < len(ours) and other < len(theirs):
        here, there = ours[mine], theirs[other]
        if (here.kind == "ran") != (there.kind == "ran"):
            return max(here.start, there.start), here, there
        end = min(here.end, there.end)
        mine += here.end == end
        other += there.end == end
    return None


def _doing(line: LedgerLine) -> str:
    # Why an agent stopped a clock is their own words, which are not repeated here.
    if line.kind == "holiday":
        return f"it is closed ({line.reason})"
    return _DOING.get(line.kind, line.kind)


_DOING = {
    "ran": "the clock runs",
    "paused": "it stands still",
    "closed": "it is closed",
    "after": "its time is over",
    "carried": "its time was counted before",
}


def _counts(counts: Sequence[CountDifference], name: str) -> Iterator[str]:
    """Say what there is more or less of under the policy, and what comes at other times."""
    more = [_more(each) for each in counts if each.policy != each.against]
    other = [sort_label(each.kind, each.detail) for each in counts if each.policy == each.against]
    if more:
        yield f"Under {name}: {', '.join(more)}."
    if other:
        yield f"At other times: {', '.join(other)}."


def _more(each: CountDifference) -> str:
    difference = each.policy - each.against
    return f"{difference:+d} {sort_label(each.kind, each.detail, abs(difference))}"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _instant(at: datetime, local: ZoneInfo) -> str:
    there = at.astimezone(local)
    return ENGLISH.full_instant(there, f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}")
