"""One clock, run over the way of its ticket; the second half of an evaluation.

Instants and durations are integers of microseconds.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from upheld.policy.path import Path
from upheld.policy.plan import Plan
from upheld.policy.standing import Metric, Verdict
from upheld.policy.stay import Stay, Stretch

_CAUSES = {Verdict.met: "answer", Verdict.abandoned: "automatic"}


class Finish(NamedTuple):
    """Something that ends a clock: an answer (`verdict` is met) or a closing that is none.

    `reopened` is the instant at which the work went on afterwards, if it did.
    """

    at: int
    verdict: Verdict
    reopened: int | None


class Warned(NamedTuple):
    """A warning that was given: when, under which target, and the due instant that it told."""

    at: int
    plan: Plan
    due: int | None


@dataclass(slots=True)
class Clock:
    """A clock in one cycle, and what has become of it.

    `live_from` is the instant from which the cycle may have a verdict of its own: a cycle that goes on after
    an earlier verdict counts from the same start, and nothing that lies before the reopening is judged twice.
    `counts_from` is the instant from which the governing target counts.
    """

    metric: Metric
    cycle: int
    start: int
    live_from: int
    plan: Plan | None = None
    counts_from: int = 0
    used: int = 0
    due: int | None = None
    warn: int | None = None
    warned: Warned | None = None
    has_warned: bool = False
    verdict: Verdict | None = None
    verdict_at: int = 0
    cause: str = ""
    satisfied: int | None = None
    ended: int | None = None
    resting: Stay | None = None
    ran: list[tuple[int, int]] = field(default_factory=list)

    def governed_by(self, plan: Plan | None, counts_from: int, used: int) -> None:
        """Put the clock under a target."""
        self.plan, self.counts_from, self.used = plan, counts_from, used

    def breach(self, at: int, due: int, cause: str) -> None:
        """The time was used up."""
        assert self.plan is not None  # noqa: S101 - only a clock with a target runs out
        self.verdict, self.verdict_at, self.cause = Verdict.breached, at, cause
        self.due, self.used, self.warn = due, self.plan.budget, None


def run(path: Path, clock: Clock, stretches: list[Stretch], finish: Finish | None, at: int) -> Clock:
    """Run a clock from its start to its finish, or to `at` when nothing finishes it."""
    end = at if finish is None else finish.at
    answered = finish is not None and finish.verdict is Verdict.met
    priority = ""
    changes: list[tuple[int, str]] = []
    for change in path.changes:
        if change[0] <= clock.start:
            priority = change[1]
        elif change[0] < end or (change[0] == end and finish is None):
            changes.append(change)
    clock.governed_by(path.policy.plans.get((clock.metric, priority)), clock.start, 0)
    for stretch in stretches:
        begins = stretch.start if stretch.start > clock.start else clock.start
        ends = stretch.end if stretch.end < end else end
        # A stretch of no length still counts where the clock stands at the end of the story.
        if begins > ends or (begins == ends and ends != end):
            continue
        while changes and (changes[0][0] < ends or ends == end):
            changed_at, to = changes.pop(0)
            _advance(clock, stretch, begins, changed_at, strict=False, last=False)
            _change_priority(path, clock, changed_at, priority, to)
            begins, priority = changed_at, to
        last = ends == end
        _advance(clock, stretch, begins, ends, strict=answered and last, last=last and finish is None)
    if finish is not None:
        _finish(clock, finish)
    return clock


def _advance(clock: Clock, stretch: Stretch, start: int, end: int, *, strict: bool, last: bool) -> None:
    """Let the clock live through [start, end).

    What falls due at the end itself counts unless `strict`: an answer at that very instant is in time. What
    lies ahead is looked up in the last stretch only.
    """
    if not stretch.runs:
        clock.resting = stretch.stay
        return
    clock.resting = None
    clock.ran.append((start, end))
    plan = clock.plan
    if plan is None or clock.verdict is not None:
        return
    used = clock.used + plan.measure.between(start, end)
    warns = not clock.has_warned and plan.warn_after is not None and (last or used >= plan.warn_after)
    if last or warns or used >= plan.budget:
        due = clock.due = plan.measure.add(start, plan.budget - clock.used)
        if warns:
            _warn(clock, plan, start, end, strict=strict)
        if (due < end or (due == end and not strict)) and due >= clock.live_from:
            clock.breach(due, due, "deadline")
            return
    clock.used = min(used, plan.budget)


def _warn(clock: Clock, plan: Plan, start: int, end: int, *, strict: bool) -> None:
    clock.warn = plan.measure.add(start, max(0, (plan.warn_after or 0) - clock.used))
    if clock.warn < end or (clock.warn == end and not strict):
        if clock.warn >= clock.live_from:
            clock.warned = Warned(clock.warn, plan, clock.due)
        clock.has_warned, clock.warn = True, None


def _change_priority(path: Path, clock: Clock, at: int, old: str, new: str) -> None:
    """Decide which target governs from here.

    Raised: the new target counts from the first event that named the priority, and the earlier of both due
    instants holds. Lowered: it counts from the clock's own start, and the later holds.
    """
    if clock.verdict is not None:
        return
    policy = path.policy
    plan = policy.plans.get((clock.metric, new))
    raised = policy.priority(new).rank < policy.priority(old).rank
    if plan is None or plan is clock.plan:
        if plan is None and not raised:
            clock.governed_by(None, clock.start, 0)
        return
    counts_from = max(clock.start, path.named[new]) if raised else clock.start
    used = _used(plan, clock, counts_from)
    left = plan.budget - used
    if clock.plan is not None:
        present = clock.plan.measure.add(at, clock.plan.budget - clock.used)
        changed = plan.measure.add(at, max(0, left))
        if (changed > present) if raised else (left <= 0 or changed < present):
            return
    clock.governed_by(plan, counts_from, used)
    clock.warn = None
    if left <= 0:
        clock.breach(max(at, clock.live_from), _ran_out(plan, clock), "reclassified")


def _used(plan: Plan, clock: Clock, counts_from: int) -> int:
    return sum(
        plan.measure.between(max(start, counts_from), end) for start, end in clock.ran if end > counts_from
    )


def _ran_out(plan: Plan, clock: Clock) -> int:
    """Return the instant at which the budget had been used up, in time that is past."""
    left = plan.budget
    for start, end in clock.ran:
        start = max(start, clock.counts_from)
        if start < end and (spent := plan.measure.between(start, end)) >= left:
            return plan.measure.add(start, left)
        if start < end:
            left -= spent
    return clock.counts_from


def _finish(clock: Clock, finish: Finish) -> None:
    clock.ended = finish.at
    clock.warn = None
    if finish.verdict is Verdict.met:
        clock.satisfied = finish.at
    if clock.verdict is None and clock.plan is not None:
        clock.verdict, clock.verdict_at = finish.verdict, finish.at
        clock.cause = _CAUSES.get(finish.verdict, "reason")
        clock.due = clock.plan.measure.add(finish.at, clock.plan.budget - clock.used)
