"""What a difference does to requests: the same one under the old and the new policy, at the hours of one week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from upheld.clock import from_micros, to_micros, zone
from upheld.policy.comparison.conditions import Found
from upheld.policy.comparison.side import Side
from upheld.policy.phrases import read_date
from upheld.policy.standing import Metric

_FIRST_MONDAY = date(2026, 3, 2)
_WEEKS_TRIED, _QUIET_DAYS = 60, 22
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
# Days and hours that people picture easily come first, then every hour of a week.
_PICTURED = ((0, 10), (4, 16), (0, 8), (2, 14), (5, 12), (1, 20))
_HOURS = tuple(dict.fromkeys([*_PICTURED, *((hour // 24, hour % 24) for hour in range(7 * 24))]))


class Dues(NamedTuple):
    """A request of an instant, and when it is due under the old and the new policy; None where no clock runs."""

    at: datetime
    old: datetime | None
    new: datetime | None


@dataclass(frozen=True)
class Effects:
    """Requests under two policies."""

    old: Side
    new: Side

    def of_week(self, metric: Metric, found: Found) -> list[Dues]:
        """Return requests of an ordinary week that the targets found govern."""
        return self.of_hours(metric, found, ((self._monday + day * _DAY, hour) for day, hour in _HOURS))

    def of_hours(self, metric: Metric, found: Found, hours: Iterable[tuple[date, int]]) -> list[Dues]:
        """Return requests of hours of days, in the new policy's zone, that the targets found govern."""
        asked = (self._request(metric, found, self._instant(*each)) for each in hours)
        return [each for each in asked if each is not None]

    def _request(self, metric: Metric, found: Found, at: datetime) -> Dues | None:
        sides = ((self.old, found.old), (self.new, found.new))
        dues = [_due(side, metric, found, governs, at) for side, governs in sides]
        return None if None in dues else Dues(at, *(each[0] for each in dues if each is not None))

    def _instant(self, day: date, hour: int) -> datetime:
        return datetime(day.year, day.month, day.day, hour, tzinfo=zone(self.new.document.zone))

    @cached_property
    def _monday(self) -> date:
        """The first Monday after which neither policy has a date of its own for some time."""
        busy = {
            read_date(day)
            for side in (self.old, self.new)
            for part in side.dated.calendars.values()
            for day in (*part.days_off, *part.other_hours)
        }
        mondays = (_FIRST_MONDAY + number * _WEEK for number in range(_WEEKS_TRIED))
        ahead = [number * _DAY for number in range(_QUIET_DAYS)]
        return next((day for day in mondays if not any(day + each in busy for each in ahead)), _FIRST_MONDAY)


def _due(
    side: Side, metric: Metric, found: Found, governs: Iterable[int], at: datetime
) -> tuple[datetime | None] | None:
    """Return when a request is due; nothing where other targets govern it, since it came at another hour."""
    start, governing = to_micros(at), side.governing
    plans = governing.plans(metric, governing.case(found.case), start)
    if [plan.target.id for plan in plans] != [side.targets[number].id for number in governs]:
        return None
    lanes = [plan.begin(start, start) for plan in plans]
    dues = [lane.due(start) for lane in lanes if lane is not None]
    return (from_micros(min(dues)) if dues else None,)


def direction(dues: Iterable[Dues]) -> int:
    """Return -1 where every request that is moved is due earlier, 1 where each is due later, else 0."""
    ways = {
        0 if each.old is None or each.new is None else 1 if each.new > each.old else -1
        for each in moved(dues)
    }
    return ways.pop() if len(ways) == 1 else 0


def moved(dues: Iterable[Dues]) -> list[Dues]:
    """Return the requests that are due at another time."""
    return [each for each in dues if each.old != each.new]


def example(
    dues: Iterable[Dues], metric: Metric, zone_name: str, *, dated: bool = False, known: bool = True
) -> str:
    """Return a sentence about the first request that is moved, to follow another; nothing where none is.

    Weekdays are enough for what is due within a week, unless it is `dated`. What nothing was promised of before was not
    `known`, so that it is not worth saying that it had no due time.
    """
    first = next(iter(moved(dues)), None)
    if first is None:
        return ""
    far = dated or any(due is not None and due - first.at >= _WEEK for due in first[1:])
    at, old, new = (None if each is None else each.astimezone(zone(zone_name)) for each in first)
    year = first.at.year
    subject = f"{_SUBJECTS.get(metric, 'a request')} of {_told(at, far, None)}"
    if old is None:
        before = "; it had no due time before" if known else ""
        return f" For example, {subject} is due {_told(new, far, year)}{before}."
    if new is None:
        return f" For example, {subject} has no due time now; it was due {_told(old, far, year)}."
    return f" For example, {subject} is due {_told(new, far, year)} instead of {_told(old, far, year)}."


_SUBJECTS = {Metric.next_reply: "a further question", Metric.update: "the update after that"}


def _told(local: datetime | None, far: bool, year: int | None) -> str:
    """Return an instant in words: its date where weekdays are not enough, and its year where it is not known."""
    assert local is not None  # noqa: S101 - what is not due is not told
    date_text = f" {local.day} {local:%B}{'' if local.year == year else f' {local.year}'}," if far else ""
    return f"{local:%A}{date_text} {local:{'%H:%M:%S' if local.second else '%H:%M'}}"
