"""One clock, living through the way of its ticket; the second half of an evaluation.

Instants and durations are integers of microseconds.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from upheld.policy.changes import Change
from upheld.policy.lane import Lane
from upheld.policy.plan import Plans
from upheld.policy.standing import Metric, Verdict
from upheld.policy.stay import Pause, Rest, Stay, Stretch, rest_of

_CAUSES = {Verdict.met: "answer", Verdict.abandoned: "automatic"}


class Finish(NamedTuple):
    """Something that ends a clock: an answer (`verdict` is met) or a closing that is none.

    `reopened` is the instant at which the work went on afterwards, if it did.
    """

    at: int
    verdict: Verdict
    reopened: int | None
    cause: str = ""


class Warned(NamedTuple):
    """A warning that was given: when, under which target, and the due instant that it told."""

    at: int
    lane: Lane
    due: int | None

    @property
    def is_warning(self) -> bool:
        """Whether it tells of a share of the time, rather than of the aim of a range."""
        return self.lane.target.aim is None


class Silence(NamedTuple):
    """The silence in which an interval of a cadence lies: since when, and how many intervals it has missed."""

    since: int
    missed: int


@dataclass(slots=True)
class Clock:
    """A clock in one cycle, and what has become of it.

    `lanes` are the targets that run on it, the one that governs first; `plans` are those of the policy among
    them, with what runs no clock. `start` is when the obligation began, `live_from` the instant from which the
    cycle may have a verdict of its own: nothing that lies before a reopening is judged twice. `ran` lists when
    it ran, so that another target can be counted over the same stretches. `goes_on` marks an interval that began
    with what the desk itself did, or left undone.
    """

    metric: Metric
    cycle: int
    start: int
    live_from: int
    plans: Plans = ()
    lanes: list[Lane] = field(default_factory=list)
    acknowledged: int | None = None
    due: int | None = None
    warn: int | None = None
    warned: Warned | None = None
    has_warned: bool = False
    verdict: Verdict | None = None
    verdict_at: int = 0
    cause: str = ""
    satisfied: int | None = None
    ended: int | None = None
    rest: Stay | Pause | None = None
    ran: list[tuple[int, int]] = field(default_factory=list)
    silence: Silence | None = None
    has_absorbed: bool = False
    goes_on: bool = False

    @property
    def rest_now(self) -> Rest | None:
        """Why the clock stands still at the end of the story; a clock with a verdict stands no more."""
        return rest_of(self.rest) if self.verdict is None and self.rest is not None else None

    def governed_by(self, plans: Plans, lanes: list[Lane]) -> None:
        """Put the clock under other targets."""
        self.plans, self.lanes, self.warn = plans, lanes, None

    def breach(self, at: int, due: int, cause: str) -> None:
        """The time was used up."""
        lane = self.lanes[0]
        self.verdict, self.verdict_at, self.cause = Verdict.breached, at, cause
        self.due, self.warn = due, None
        lane.used = lane.budget

    def finish(self, finish: Finish) -> None:
        """The answer came, or what is none; a verdict that was given before stays."""
        self.ended, self.warn = finish.at, None
        if finish.verdict is Verdict.met:
            self.satisfied = finish.at
        if self.verdict is None and self.lanes:
            self.verdict, self.verdict_at = finish.verdict, finish.at
            self.cause = finish.cause or _CAUSES.get(finish.verdict, "reason")
            self.lead(finish.at)
            self.due = self.lanes[0].due(finish.at)

    def go_on(self) -> None:
        """After a breach the work goes on in the same cycle."""
        self.satisfied = self.ended = None

    def next_cycle(self, number: int, live_from: int) -> "Clock":
        """Return the next cycle, in which the clock goes on where it stopped."""
        lanes = [lane.copy() for lane in self.lanes]
        return Clock(
            self.metric,
            number,
            self.start,
            live_from,
            self.plans,
            lanes,
            self.acknowledged,
            has_warned=self.has_warned,
            ran=self.ran.copy(),
        )

    def lead(self, at: int) -> None:
        """Put the lane first that is due first, if the clock runs from `at` on."""
        if len(self.lanes) > 1:
            for lane in self.lanes:
                lane.due_at = lane.due(at)
            self.lanes.sort(key=_due_at)


def advance(clock: Clock, stretch: Stretch, start: int, end: int, *, strict: bool, last: bool) -> None:
    """Let the clock live through [start, end), a part of a stretch.

    What falls due at the end itself counts unless `strict`: an answer at that very instant is in time. What
    lies ahead is looked up in the last stretch only.
    """
    clock.rest = stretch.rest
    if stretch.rest is not None:
        return
    clock.ran.append((start, end))
    lanes = clock.lanes
    if clock.verdict is not None or not lanes:
        return
    lane = lanes[0] if len(lanes) == 1 else _leading(clock, start, end)
    begins = start if start > lane.counts_from else lane.counts_from
    used = lane.used + lane.measure.between(begins, end) if begins < end else lane.used
    warns = not clock.has_warned and lane.warn_after is not None and (last or used >= lane.warn_after)
    if last or warns or used >= lane.budget:
        due = clock.due = lane.due(start)
        if warns:
            _warn(clock, lane, start, end, strict=strict)
        if (due < end or (due == end and not strict)) and due >= clock.live_from:
            clock.breach(due, due, "deadline")
            return
    lane.used = used if used < lane.budget else lane.budget


def _leading(clock: Clock, start: int, end: int) -> Lane:
    """Return the lane that is due first, and let the others run beside it."""
    clock.lead(start)
    for other in clock.lanes[1:]:
        other.spend(other.used_after(start, end))
    return clock.lanes[0]


def _warn(clock: Clock, lane: Lane, start: int, end: int, *, strict: bool) -> None:
    left, slack = max(0, (lane.warn_after or 0) - lane.used), lane.warn_slack
    clock.warn = lane.measure.add(max(start, lane.counts_from), left + slack) - slack
    if clock.warn < end or (clock.warn == end and not strict):
        if clock.warn >= clock.live_from:
            clock.warned = Warned(clock.warn, lane, clock.due)
        clock.has_warned, clock.warn = True, None


def reached(stretches: Sequence[Stretch], since: int) -> int:
    """Return the number of the first stretch that does not end before an instant."""
    return bisect_left(stretches, since, key=_end) if stretches and stretches[0].end < since else 0


def changes_between(
    changes: Sequence[Change], since: int, until: int, *, inclusive: bool
) -> Sequence[Change]:
    """Return the changes from `since` on, before `until`, or up to it."""
    if not changes:
        return ()
    first = bisect_left(changes, since, key=_at)
    last = (bisect_right if inclusive else bisect_left)(changes, until, key=_at)
    return changes[first:last]


def _due_at(lane: Lane) -> int:
    return lane.due_at


def _end(stretch: Stretch) -> int:
    return stretch.end


def _at(change: Change) -> int:
    return change.at
