"""One target on one clock: how much of its time is used, and when that will be all of it.

Instants and durations are integers of microseconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from upheld.policy.measure import Measure
from upheld.policy.parts import Target


@dataclass(slots=True)
class Lane:
    """A target that has begun. `counts_from` may lie ahead; time before it does not count.

    `carried` is time that was used before `carried_until`, under another version of the policy or on another
    ticket; it is part of `used`. `due_at` is the due instant at the last comparison with the other lanes of the
    clock. `warn_slack` is to the warning what `slack` is to the due instant. `origin` names the ticket from which the
    target came, if it came from one.
    """

    target: Target
    measure: Measure
    counts_from: int
    budget: int
    slack: int
    warn_after: int | None
    warn_slack: int = 0
    used: int = 0
    carried: int = 0
    carried_until: int = 0
    due_at: int = 0
    origin: str | None = None

    def copy(self) -> "Lane":
        """Return the same lane, to run apart from this one."""
        return Lane(
            self.target,
            self.measure,
            self.counts_from,
            self.budget,
            self.slack,
            self.warn_after,
            self.warn_slack,
            self.used,
            self.carried,
            self.carried_until,
            self.due_at,
            self.origin,
        )

    def due(self, at: int) -> int:
        """Return the due instant if the clock runs from `at` on with what has been used so far."""
        start = at if at > self.counts_from else self.counts_from
        return self.measure.add(start, self.budget - self.used + self.slack) - self.slack

    def used_after(self, start: int, end: int) -> int:
        """Return what will have been used when the clock has also run from `start` to `end`."""
        start = start if start > self.counts_from else self.counts_from
        return self.used + self.measure.between(start, end) if start < end else self.used

    def spend(self, used: int) -> None:
        """Keep what has been used, which is never more than there is."""
        self.used = used if used < self.budget else self.budget

    def count(self, ran: Iterable[tuple[int, int]]) -> None:
        """Count what a new lane has used from the stretches in which the clock ran."""
        between, since = self.measure.between, self.counts_from
        self.spend(sum(between(max(start, since), end) for start, end in ran if end > since))

    def count_also(self, spans: Iterable[tuple[int, int]]) -> None:
        """Count stretches in which the clock did not run but should have; those before a carry are carried too."""
        between = self.measure.between
        for start, end in spans:
            start = max(start, self.counts_from)
            if start < end:
                self.carried += max(0, between(start, min(end, max(start, self.carried_until))))
                self.spend(self.used + between(start, end))

    def ran_out(self, ran: Iterable[tuple[int, int]], at: int) -> int | None:
        """Return the due instant in the time that has run until `at`, if nothing is left of it."""
        since = max(self.counts_from, self.carried_until)
        left = self.budget - self.carried
        if left <= 0 and not self.slack:
            return min(at, since)
        for start, end in ran:
            start = max(start, since)
            if start >= end:
                continue
            spent = self.measure.between(start, end)
            if spent >= left and (due := self.measure.add(start, left + self.slack) - self.slack) <= end:
                return min(at, due)
            left = max(0, left - spent)
        return None
