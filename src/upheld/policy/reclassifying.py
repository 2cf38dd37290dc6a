"""What a change does to a clock that has no verdict yet: which targets govern from here, and what is left of them."""

from collections.abc import Callable, Iterable
from operator import itemgetter

from upheld.policy.beginning import lanes_of, promise
from upheld.policy.changes import Absorbed, Change, Counted, Kind, Mode
from upheld.policy.facts import NOT_SPAM, is_hold, is_spam
from upheld.policy.lane import Lane
from upheld.policy.parts import Start, Target
from upheld.policy.path import Path
from upheld.policy.plan import Plans
from upheld.policy.run import Clock
from upheld.policy.standing import Metric
from upheld.policy.stay import Stretch
from upheld.policy.stretches import has_unbroken, pieces, unbroken
from upheld.policy.taking_over import lane_of


def apply(path: Path, clock: Clock, change: Change) -> None:
    """Apply a change to a clock at its instant; a clock with a verdict stays as it is."""
    if clock.verdict is None:
        _APPLY[change.kind](path, clock, change)


def _plans(clock: Clock, change: Change) -> Plans:
    return change.policy.governing.plans(clock.metric, change.case, clock.start)


def _priority(path: Path, clock: Clock, change: Change) -> None:
    """Raised: the new targets count from the first event that named the priority, and the earlier due holds.
    Lowered: they count from the clock's own start, and the later due holds."""
    plans, raised = _plans(clock, change), change.detail.raised
    if _same(plans, clock.plans):
        return
    whole = not raised or change.policy.raised_counts_whole_story
    lanes = lanes_of(plans, clock, clock.start if whole else max(clock.start, change.detail.named_at))
    if not lanes:
        if not raised:
            _govern(clock, plans, [], change.at)
        return
    own = [lane for lane in clock.lanes if lane.origin is None]
    if own and not _holds(clock, own, lanes, change.at, raised=raised):
        return
    if clock.lanes and not own and not raised:
        return
    _govern(clock, plans, lanes, change.at)
    _judge(clock, change.at, "reclassified")


def _holds(clock: Clock, own: list[Lane], changed: list[Lane], at: int, *, raised: bool) -> bool:
    """Whether the changed targets govern: a raise never gives more time, a lowering never less."""
    before = min(lane.due(at) for lane in own)
    after = min(lane.due(at) for lane in changed)
    if raised:
        return after <= before
    return after >= before and all(lane.ran_out(clock.ran, at) is None for lane in changed)


def _field(path: Path, clock: Clock, change: Change) -> None:
    """What became known counts as if it had been known from the start; the updates that a status asks for are owed from
    when it was entered."""
    plans = _plans(clock, change)
    if not _same(plans, clock.plans):
        by_status = clock.metric is Metric.update and change.detail == "status"
        since = change.at if by_status else clock.start
        _govern(clock, plans, lanes_of(plans, clock, since, goes_on=by_status), change.at)
        _judge(clock, change.at, "reclassified")


def _acknowledged(path: Path, clock: Clock, change: Change) -> None:
    if clock.acknowledged is not None:
        return
    clock.acknowledged = change.at
    if any(plan.target.start is Start.acknowledged for plan in clock.plans):
        _govern(clock, clock.plans, lanes_of(clock.plans, clock, clock.start), change.at)


def _promised(path: Path, clock: Clock, change: Change) -> None:
    promise(clock, change.detail)


def _counted(path: Path, clock: Clock, change: Change) -> None:
    """Time in which the clock stood still counts after all."""
    counted: Counted = change.detail
    since = max(counted.since, clock.start)
    also = _would_have_run(path, clock, counted, since, change.at)
    clock.ran = _united([*clock.ran, *also])
    for lane in clock.lanes:
        lane.count_also(also)
    _judge(clock, change.at, counted.cause)


def _would_have_run(
    path: Path, clock: Clock, counted: Counted, since: int, until: int
) -> list[tuple[int, int]]:
    if counted.status is not None:
        return [(since, until)] if clock.metric in counted.status.clocks else []
    over = is_spam if counted.cause == NOT_SPAM else is_hold
    parts: Iterable[Stretch] = pieces(path, clock.metric, until, but=over)
    if clock.metric is Metric.update and has_unbroken(path):
        parts = unbroken(path, clock.metric, clock.start, parts)
    return [
        (max(part.start, since), min(part.end, until))
        for part in parts
        if part.rest is None and part.end > since and part.start < until
    ]


def _united(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _absorbed(path: Path, clock: Clock, change: Change) -> None:
    """The earliest obligation of both tickets governs."""
    absorbed: Absorbed = change.detail
    taken = [each for each in absorbed.clocks if each.metric == clock.metric]
    if taken:
        clock.has_absorbed = True
        lanes = [lane_of(path.policy, each, change.at, absorbed.source) for each in taken]
        clock.governed_by(clock.plans, [*clock.lanes, *lanes])
        clock.lead(change.at)


def _parted(path: Path, clock: Clock, change: Change) -> None:
    clock.governed_by(clock.plans, [each for each in clock.lanes if each.origin != change.detail])


def _published(path: Path, clock: Clock, change: Change) -> None:
    """Carry: used time stays, and the rest runs under the new version. Recompute: the new version counts from the
    start. Where the unit differs, nothing is carried and the clock stays as it was."""
    mode: Mode = change.detail
    if mode is Mode.pin:
        return
    plans = _plans(clock, change)
    lanes = lanes_of(plans, clock, clock.start)
    if mode is Mode.carry:
        if not carries(clock.lanes, lanes):
            return
        _carry(clock.lanes, lanes, change.at)
    _govern(clock, plans, lanes, change.at)
    _judge(clock, change.at, "published")


def carries(old: list[Lane], new: list[Lane]) -> bool:
    """Whether used time can be carried over: one target each, counted in the same unit."""
    own = [lane for lane in old if lane.origin is None]
    return len(own) == len(new) == 1 and unit(own[0].target) == unit(new[0].target)


def unit(target: Target) -> str:
    """Return the unit in which a target is told: working time, elapsed time, business days or a cut-off."""
    kind = target.amount.kind
    return "business days" if kind.value.startswith("days_") or target.amount.days else kind.value


def _carry(old: list[Lane], new: list[Lane], at: int) -> None:
    carried = next(lane for lane in old if lane.origin is None)
    lane = new[0]
    lane.counts_from, lane.carried, lane.carried_until = carried.counts_from, carried.used, at
    lane.spend(carried.used)


def _govern(clock: Clock, plans: Plans, own: list[Lane], at: int) -> None:
    """Put a clock under other targets of the policy; what came from a merged ticket stays beside them."""
    clock.governed_by(plans, [*own, *(lane for lane in clock.lanes if lane.origin is not None)])
    clock.lead(at)


def _judge(clock: Clock, at: int, cause: str) -> None:
    """Breach a clock whose new targets have no time left; the verdict is stamped at the change."""
    over = [(due, lane) for lane in clock.lanes if (due := lane.ran_out(clock.ran, at)) is not None]
    if over:
        due, first = min(over, key=itemgetter(0))
        clock.lanes.remove(first)
        clock.lanes.insert(0, first)
        clock.breach(max(at, clock.live_from), due, cause)


def _same(one: Plans, other: Plans) -> bool:
    return one is other or one == other


_APPLY: dict[Kind, Callable[[Path, Clock, Change], None]] = {
    Kind.priority: _priority,
    Kind.field: _field,
    Kind.acknowledged: _acknowledged,
    Kind.promised: _promised,
    Kind.counted: _counted,
    Kind.absorbed: _absorbed,
    Kind.parted: _parted,
    Kind.published: _published,
}
