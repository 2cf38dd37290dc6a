"""From an amount and a start to a budget: whatever a target gives, from there on every clock runs the same way."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from upheld.clock import BusinessDay, BusinessDays, Calendar, duration_micros
from upheld.policy.amounts import Amount, AmountKind
from upheld.policy.measure import ELAPSED, Measure


class Budget(NamedTuple):
    """Time on a measure. With `slack` 1 the due instant is the opening after the budget is used up, with 0 the instant
    at which it is: a promise for Tuesday at nine is not due when Monday ends."""

    micros: int
    slack: int


class Term(NamedTuple):
    """An amount, ready to run. `fixed` is its budget when it does not depend on the start."""

    amount: Amount
    measure: Measure
    fixed: Budget | None
    calendar: Calendar | None

    def budget(self, start: int) -> Budget:
        """Return the budget of a clock that counts from `start`."""
        if self.fixed is not None:
            return self.fixed
        assert self.calendar is not None  # noqa: S101 - only amounts on a calendar depend on their start
        due = nominal_due(self.amount, self.calendar, start)
        between = self.measure.between(start, due)
        return Budget(between, 0 if self.measure.add(start, between) == due else 1)


def term(amount: Amount, calendars: Mapping[str, Calendar]) -> Term:
    """Return an amount ready to run on its calendar."""
    calendar = None if amount.calendar is None else calendars[amount.calendar]
    measure: Measure = ELAPSED if calendar is None else calendar.timeline
    fixed = amount.kind in (AmountKind.elapsed, AmountKind.working)
    budget = Budget(duration_micros(amount.duration), 0) if fixed else None
    return Term(amount, measure, budget, calendar)


def nominal_due(amount: Amount, calendar: Calendar, start: int) -> int:
    """Return the due instant of an amount in business days, or of a cut-off, if nothing pauses the clock.

    What starts in closed time counts as starting at the next opening.
    """
    days = calendar.business_days
    return _NOMINAL[amount.kind](amount, calendar, days, calendar.timeline.next_opening(start))


def _same_time(amount: Amount, calendar: Calendar, days: BusinessDays, start: int) -> int:
    wall = days.local(start)
    day = days.after(wall.date(), amount.days)
    return _within(day, calendar, days.at_time(day, wall))


def _at_close(amount: Amount, calendar: Calendar, days: BusinessDays, start: int) -> int:
    return days.after(days.local(start).date(), amount.days).closes


def _cut_off(amount: Amount, calendar: Calendar, days: BusinessDays, start: int) -> int:
    today = days.on_or_after(days.local(start).date())
    if start < days.at_minute(today, amount.minute):
        return today.closes
    tomorrow = days.after(today.date, 1)
    return _within(tomorrow, calendar, days.at_minute(tomorrow, amount.minute))


def _within(day: BusinessDay, calendar: Calendar, mark: int) -> int:
    """Return a time of day as the desk keeps it: when it is shut then, its next opening on that day, or its close."""
    return min(calendar.timeline.next_opening(mark), day.closes) if mark < day.closes else day.closes


_NOMINAL: dict[AmountKind, Callable[[Amount, Calendar, BusinessDays, int], int]] = {
    AmountKind.days_same_time: _same_time,
    AmountKind.days_at_close: _at_close,
    AmountKind.cut_off: _cut_off,
}
