"""Which target governs which tickets, with its amount in the integers in which evaluation counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from upheld.clock import Calendar, duration_micros
from upheld.policy.parts import Target
from upheld.policy.standing import Metric


class Measure(Protocol):
    """A way of counting time, in microseconds since 1970: a calendar's timeline, or elapsed time."""

    def add(self, start: int, amount: int) -> int:
        """Return the earliest t >= start with between(start, t) >= amount."""

    def between(self, start: int, end: int) -> int:
        """Return the time that counts from start to end."""

    def is_open(self, at: int) -> bool:
        """Whether time counts at this instant."""

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Return the stretches of [start, end) that count."""


class Elapsed:
    """Time as it passes, around the clock."""

    def add(self, start: int, amount: int) -> int:
        """Return start plus amount."""
        return start + amount

    def between(self, start: int, end: int) -> int:
        """Return end minus start."""
        return end - start

    def is_open(self, at: int) -> bool:
        """Elapsed time always counts."""
        return True

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Return the one stretch from start to end."""
        if start < end:
            yield start, end


ELAPSED = Elapsed()


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One target ready to run. `budget` and `warn_after` are in microseconds of `measure`."""

    target: Target
    measure: Measure
    budget: int
    warn_after: int | None


def plans(
    targets: Sequence[Target], priorities: Iterable[str], calendars: Mapping[str, Calendar]
) -> dict[tuple[Metric, str], Plan]:
    """Return the first target that fits, for every metric and priority that has one."""
    ready = [_plan(target, calendars) for target in targets]
    result: dict[tuple[Metric, str], Plan] = {}
    for priority in priorities:
        for plan in ready:
            if not plan.target.priorities or priority in plan.target.priorities:
                result.setdefault((plan.target.metric, priority), plan)
    return result


def _plan(target: Target, calendars: Mapping[str, Calendar]) -> Plan:
    budget = duration_micros(target.amount.duration)
    percent = target.warn_percent
    calendar = target.amount.calendar
    measure = ELAPSED if calendar is None else calendars[calendar].timeline
    return Plan(target, measure, budget, None if percent is None else budget * percent // 100)
