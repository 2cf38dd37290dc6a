"""From an amount and a start to a budget: whatever a target gives, from there on every clock runs the same way."""

from collections.abc import Callable, Mapping
from datetime import date
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

    def budget(self, start: int, *, goes_on: bool = False) -> Budget:
        """Return the budget of a clock that counts from `start`.

        With `goes_on` it goes on from what the desk itself did, or left undone: such an instant counts on its own date,
        closed time or not. So an update each business day, missed at closing, is due again at the next closing.
        """
        if self.fixed is not None:
            return self.fixed
        assert self.calendar is not None  # noqa: S101 - only amounts on a calendar depend on their start
        due = nominal_due(self.amount, self.calendar, start, goes_on=goes_on)
        between = self.measure.between(start, due)
        return Budget(between, 0 if self.measure.add(start, between) == due else 1)


def term(amount: Amount, calendars: Mapping[str, Calendar]) -> Term:
    """Return an amount ready to run on its calendar."""
    calendar = None if amount.calendar is None else calendars[amount.calendar]
    measure: Measure = ELAPSED if calendar is None else calendar.timeline
    fixed = amount.kind in (AmountKind.elapsed, AmountKind.working)
    budget = Budget(duration_micros(amount.duration), 0) if fixed else None
    return Term(amount, measure, budget, calendar)


def nominal_due(amount: Amount, calendar: Calendar, start: int, *, goes_on: bool = False) -> int:
    """Return the due instant of an amount in business days, or of a cut-off, if nothing pauses the clock.

    What starts in closed time counts as starting at the next opening; for `goes_on` see `Term.budget`. A cut-off goes
    by the time of day, also after closing: the evening is later than noon.
    """
    days, timeline = calendar.business_days, calendar.timeline
    if not goes_on and amount.kind is not AmountKind.cut_off:
        start = timeline.next_opening(start)
        return _NOMINAL[amount.kind](amount, calendar, days, start, days.local(start).date())
    # An instant of closing belongs to the day that ends there, also where that is midnight.
    last = start - 1 if timeline.is_open(start - 1) else start
    return _NOMINAL[amount.kind](amount, calendar, days, start, days.local(last).date())


def _same_time(amount: Amount, calendar: Calendar, days: BusinessDays, start: int, today: date) -> int:
    wall, day = days.local(start), days.after(today, amount.days)
    # A day that ends at midnight ends on the next date.
    return day.closes if wall.date() != today else _within(day, calendar, days.at_time(day, wall))


def _at_close(amount: Amount, calendar: Calendar, days: BusinessDays, start: int, today: date) -> int:
    return days.after(today, amount.days).closes


def _cut_off(amount: Amount, calendar: Calendar, days: BusinessDays, start: int, today: date) -> int:
    day = days.on_or_after(today)
    if start < min(days.at_minute(day, amount.minute), day.closes):
        return day.closes
    tomorrow = days.after(day.date, 1)
    return _within(tomorrow, calendar, days.at_minute(tomorrow, amount.minute))


def _within(day: BusinessDay, calendar: Calendar, mark: int) -> int:
    """Return a time of day as the desk keeps it: when it is shut then, its next opening on that day, or its close."""
    return min(calendar.timeline.next_opening(mark), day.closes) if mark < day.closes else day.closes


_NOMINAL: dict[AmountKind, Callable[[Amount, Calendar, BusinessDays, int, date], int]] = {
    AmountKind.days_same_time: _same_time,
    AmountKind.days_at_close: _at_close,
    AmountKind.cut_off: _cut_off,
}
