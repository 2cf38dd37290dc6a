"""A year in which promises are tried out.

Requests are tried at every edge of every calendar - openings, closings, cut-offs, changes of the clocks - a microsecond
before, at, and a microsecond after it, and on every full hour; around dates of the document's own in other years, too.
The hour that the clocks read twice is tried the second time only: a desk that is open in it promises "the same time
tomorrow" to two people, and no document can help that.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from upheld.clock import Calendar, from_micros, to_micros, zone
from upheld.policy.compilation import compile_calendar, compile_target
from upheld.policy.document import Document
from upheld.policy.lane import Lane
from upheld.policy.parts import Condition, Target
from upheld.policy.phrases import read_date
from upheld.policy.plan import Governing

_MINUTE = 60_000_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_FIRST = to_micros(datetime(2026, 1, 1, tzinfo=UTC))
_END = to_micros(datetime(2027, 1, 1, tzinfo=UTC))
_MOST_OWN_DATES = 40

Range = tuple[int, int]


class Candidate:
    """A target, and what it makes of a request at each instant of the trial, whatever fields the request has."""

    def __init__(self, number: int, target: Target, calendars: dict[str, Calendar]) -> None:
        """Make the target ready to run."""
        self.number, self.target = number, target
        bare = replace(target, condition=Condition((), target.condition.received))
        governing = Governing([bare], calendars)
        plan = governing.usual(bare.metric, governing.case({}))
        assert plan is not None  # noqa: S101 - it is the only one, and asks for no field
        self._plan = plan
        self._dues: dict[int, int | None] = {}

    def applies(self, at: int) -> bool:
        """Whether the target applies to a request, as far as the hours matter."""
        return self._plan.applies(at)

    def lane(self, at: int) -> Lane | None:
        """Return the target begun for a request to which it applies; None where it runs no clock."""
        return self._plan.begin(at, at)

    def due(self, at: int) -> int | None:
        """Return when a request is due to which the target applies; None where it runs no clock."""
        if at not in self._dues:
            lane = self.lane(at)
            self._dues[at] = None if lane is None else lane.due(at)
        return self._dues[at]

    @property
    def asks_hours(self) -> bool:
        """Whether it makes a difference to the amount or to the condition when the desk is open."""
        return self.target.condition.received is not None or self.target.outside is not None

    @property
    def has_clock(self) -> bool:
        """Whether it ever gives a time."""
        amounts = (self.target.amount, self.target.outside)
        return any(amount is not None and amount.has_clock for amount in amounts)


class Due(NamedTuple):
    """When a request of `at` is due, and by which target."""

    at: int
    due: int
    candidate: Candidate


class Trials:
    """The year, for one document whose holidays are dates."""

    def __init__(self, document: Document, dated: Document) -> None:
        """Lay out the calendars of the dated document and find the instants to try."""
        self.document = dated
        self._own = [
            day for part in document.calendars.values() for day in (*part.other_hours, *part.days_off)
        ]
        self.calendars = {name: compile_calendar(part, dated.zone) for name, part in dated.calendars.items()}
        names = list(self.calendars)
        self.candidates = [
            Candidate(number, compile_target(part, names), self.calendars)
            for number, part in enumerate(dated.targets)
        ]

    @cached_property
    def edges(self) -> list[int]:
        """Every edge, with a microsecond on either side of it, in their order."""
        marks = {at + step for at, _ in self._changes for step in (-_HOUR, 0, _HOUR)}
        for begins, ends in [(_FIRST, _END), *self._own_weeks()]:
            marks.update(self._edges(begins, ends))
        return self._once({at for mark in marks for at in (mark - 1, mark, mark + 1)})

    @cached_property
    def instants(self) -> list[int]:
        """Every edge, and every full hour of the year."""
        return self._once({*self.edges, *range(_FIRST, _END, _HOUR)})

    @cached_property
    def _changes(self) -> list[tuple[int, int]]:
        zones = {self.document.zone, *(calendar.zone for calendar in self.calendars.values())}
        return [change for name in sorted(zones) for change in _changes(name)]

    def _once(self, instants: set[int]) -> list[int]:
        """Return instants in their order, without the hour that clocks read again."""
        twice = [(at - back, at) for at, back in self._changes if back > 0]
        return sorted(at for at in instants if not any(start <= at < end for start, end in twice))

    def governing(self, numbers: Sequence[int], at: int) -> list[int]:
        """Return which of the targets that fit a request govern it: the first that applies, and those that join it."""
        found: list[int] = []
        for number in numbers:
            candidate = self.candidates[number]
            if (not found or candidate.target.also) and candidate.applies(at):
                found.append(number)
        return found

    def first_due(self, numbers: Sequence[int], at: int) -> Due | None:
        """Return when a request that these targets fit is due, and by which of those that govern it."""
        earliest: Due | None = None
        for number in self.governing(numbers, at):
            due = self.candidates[number].due(at)
            if due is not None and (earliest is None or due < earliest.due):
                earliest = Due(at, due, self.candidates[number])
        return earliest

    def told(self, at: int) -> str:
        """Return an instant in the policy's zone, as exactly as it needs."""
        local = from_micros(at).astimezone(zone(self.document.zone))
        exact = "auto" if local.second or local.microsecond else "minutes"
        return f"{local:%a %d %b %Y} {local.time().isoformat(exact)} {local.tzname()}"

    def _edges(self, begins: int, ends: int) -> Iterator[int]:
        minutes = {
            amount.minute
            for candidate in self.candidates
            for amount in (candidate.target.amount, candidate.target.outside)
            if amount is not None and amount.minute
        }
        for calendar in self.calendars.values():
            days = calendar.business_days
            for opens, closes in calendar.timeline.spans(begins, ends):
                yield from (opens, closes)
                day = days.on_or_after(days.local(opens).date())
                yield from (days.at_minute(day, minute) for minute in minutes)

    def _own_weeks(self) -> list[Range]:
        """Return the days around dates outside the year that the document itself names."""
        starts = [to_micros(datetime.combine(read_date(day), time(), UTC)) for day in self._own]
        others = sorted({start for start in starts if not _FIRST <= start < _END})
        return [(start - 2 * _DAY, start + 3 * _DAY) for start in others[:_MOST_OWN_DATES]]


def _changes(zone_name: str) -> Iterator[tuple[int, int]]:
    """Yield each change of the clocks in the year, and by how much they go back (less than nothing: forward)."""
    tz = zone(zone_name)

    def offset(at: int) -> int:
        return (from_micros(at).astimezone(tz).utcoffset() or timedelta(0)) // timedelta(microseconds=1)

    for day in range(_FIRST, _END, _DAY):
        before, after = offset(day), offset(day + _DAY)
        if before != after:
            minutes = range(day, day + _DAY + 1, _MINUTE)
            yield minutes[bisect_left(minutes, True, key=lambda at: offset(at) == after)], before - after
