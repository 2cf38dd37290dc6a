"""What a new version of the policy does to the clocks of a ticket that are under way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from upheld.clock import to_micros
from upheld.policy.changes import Kind, Mode
from upheld.policy.clocks import clocks_of
from upheld.policy.evaluation import evaluate_under
from upheld.policy.path import InForce, Path
from upheld.policy.policy import Policy
from upheld.policy.reclassifying import carries
from upheld.policy.run import Clock
from upheld.policy.standing import ClockStanding, Metric, Standing, Verdict
from upheld.policy.story import Event
from upheld.policy.walk import follow

_Which = tuple[Metric, int]


@dataclass(frozen=True, slots=True)
class Moved:
    """One clock without a verdict, before and after a publication.

    `target` is empty for a clock that begins with it, `new_target` None for one that ends. `stays` says why a clock
    stayed as it was, if it did. `left` is the time that is left before and after, also while the clock is paused and
    has no due instant.
    """

    metric: Metric
    cycle: int
    target: str
    new_target: str | None
    due_at: datetime | None
    new_due_at: datetime | None
    new_verdict: Verdict | None
    stays: str = ""
    left: timedelta | None = None
    new_left: timedelta | None = None

    @property
    def is_the_same(self) -> bool:
        """Whether the publication changes nothing about it."""
        before = (self.target, self.due_at, self.left)
        return before == (self.new_target, self.new_due_at, self.new_left) and self.new_verdict is None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a publication would do to one ticket. `status` and `priority` are those that it has at that instant; one
    that is done then is not touched, and no clock of it is listed."""

    status: str
    priority: str
    is_done: bool
    clocks: Mapping[Mode, tuple[Moved, ...]]


def published(old: Policy, new: Policy, at: datetime, mode: Mode) -> tuple[InForce, ...]:
    """Return the versions under which a ticket lives when `new` is published at an instant: see `evaluate_under`."""
    return (InForce(old), InForce(new, at, mode))


def preview(old: Policy, new: Policy, story: Sequence[Event], at: datetime, mode: Mode) -> tuple[Moved, ...]:
    """Return what publishing at an instant would do to every clock of a ticket that has no verdict then."""
    return preview_under((InForce(old),), new, story, at, (mode,)).clocks.get(mode, ())


def preview_under(
    versions: Sequence[InForce], new: Policy, story: Sequence[Event], at: datetime, modes: Sequence[Mode]
) -> Effect:
    """Return what publishing at an instant would do to a ticket that may have lived under several versions."""
    before = evaluate_under(versions, story, at)
    path = follow(versions, story, to_micros(at))
    is_done = bool(path.stays) and path.stays[-1].status.is_done
    if is_done or path.received is None:
        return Effect(before.status, before.priority, True, {})
    stays = _those_that_stay(path, new, to_micros(at)) if Mode.carry in modes else {}
    clocks = {}
    for mode in modes:
        after = before
        if mode is not Mode.pin:
            after = evaluate_under((*versions, InForce(new, at, mode)), story, at)
        clocks[mode] = tuple(_compared(before, after, stays if mode is Mode.carry else {}))
    return Effect(before.status, before.priority, False, clocks)


def takeovers(versions: Sequence[InForce], story: Sequence[Event], at: datetime) -> tuple[int, ...]:
    """Return which of the versions have taken the ticket over by an instant, as places in `versions`; the last of them
    governs it, and the first version where there is none."""
    if not any(each.since is not None and each.since <= at for each in versions):
        return ()
    path = follow(versions, story, to_micros(at))
    taken = {change.at for change in path.changes if change.kind is Kind.published}
    return tuple(
        place
        for place, each in enumerate(versions)
        if each.since is not None and each.mode is not Mode.pin and to_micros(each.since) in taken
    )


def _those_that_stay(path: Path, new: Policy, at: int) -> dict[_Which, str]:
    return {(each.metric, each.cycle): _why_it_stays(path, each, new) for each in clocks_of(path, at)}


def _compared(before: Standing, after: Standing, stays: Mapping[_Which, str]) -> Iterator[Moved]:
    now = {(each.metric, each.cycle): each for each in after.clocks}
    known = {(each.metric, each.cycle) for each in before.clocks}
    for clock in before.clocks:
        if clock.verdict is None:
            which = (clock.metric, clock.cycle)
            yield _moved(clock, now.get(which), stays.get(which, ""))
    for clock in after.clocks:
        if (clock.metric, clock.cycle) not in known:
            yield Moved(
                clock.metric,
                clock.cycle,
                "",
                clock.target,
                None,
                clock.due_at,
                clock.verdict,
                new_left=clock.budget - clock.used,
            )


def _moved(clock: ClockStanding, now: ClockStanding | None, stays: str) -> Moved:
    return Moved(
        clock.metric,
        clock.cycle,
        clock.target,
        None if now is None else now.target,
        clock.due_at,
        None if now is None else now.due_at,
        None if now is None else now.verdict,
        stays,
        clock.budget - clock.used,
        None if now is None else now.budget - now.used,
    )


def _why_it_stays(path: Path, clock: Clock, new: Policy) -> str:
    """Say why used time cannot be carried over to the new version."""
    plans = new.governing.plans(clock.metric, new.governing.case(path.values), clock.start)
    lanes = [lane for plan in plans if (lane := plan.begin(clock.start, clock.start)) is not None]
    return "" if carries(clock.lanes, lanes) else "the new version counts it in another unit"
