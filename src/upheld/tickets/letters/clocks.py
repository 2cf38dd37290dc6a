"""What of a standing is told in letters."""

from datetime import datetime

from upheld.policy import ClockStanding, Metric, Standing


def due(standing: Standing, metric: Metric) -> datetime | None:
    clock = current_clock(standing, metric)
    return clock.due_at if clock and clock.satisfied_at is None else None


def next_clock(standing: Standing) -> ClockStanding | None:
    """Return the clock that is due next, overdue ones included; None where nothing is due."""
    due = standing.next_due_at
    return next((each for each in standing.clocks if due and each.due_at == due), None)


def current_clock(standing: Standing, metric: Metric) -> ClockStanding | None:
    """Return the latest cycle of a metric's clock, or None where the policy gives it none."""
    cycles = [clock for clock in standing.clocks if clock.metric is metric]
    return max(cycles, key=lambda clock: clock.cycle, default=None)
