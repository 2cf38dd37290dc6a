"""The questions asked of a calendar, answered by bisection in integers of microseconds."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from threading import Lock

from upheld.clock.definition import Definition
from upheld.clock.errors import NoOpening, OutOfRange
from upheld.clock.instant import DAY, from_micros
from upheld.clock.layout import LONGEST_CLOSURE, NOTHING, Layout, lay_out

_FIRST_DATE, _LAST_DATE = date(2, 1, 1), date(9998, 12, 31)
_AHEAD, _BEHIND = 400 * DAY, 40 * DAY
# No promise reaches this far; without a bound one slip in an amount would lay out thousands of years.
_WIDEST = timedelta(days=400 * 366)


class Timeline:
    """A calendar that is laid out as far as it has been asked about; may be asked from any thread.

    A layout is never changed, only replaced by a wider one, so that readers need no lock.
    """

    def __init__(self, definition: Definition) -> None:
        """Begin with nothing laid out."""
        self._definition = definition
        self._layout = NOTHING
        self._widening = Lock()

    def add(self, start: int, amount: int) -> int:
        """Return the earliest t >= start with between(start, t) >= amount; amount is not negative."""
        if amount <= 0:
            return start
        layout = self._layout
        if not layout.begins <= start < layout.ends:
            layout = self._covering(start, start)
        wanted = layout.passed(start) + amount
        while wanted > layout.after[-1]:
            _refuse_closure(max(layout.closes[-1], start), layout.ends)
            layout = self._wider(layout.begins, layout.ends + _growth(layout))
            wanted = layout.passed(start) + amount
        found = bisect_left(layout.after, wanted)
        end = layout.opens[found] + wanted - layout.before[found]
        for close, reopen in layout.long_closures:
            if start < reopen < end:
                _refuse_closure(max(close, start), reopen)
        return end

    def subtract(self, end: int, amount: int) -> int:
        """Return the latest t <= end with between(t, end) >= amount; amount is not negative."""
        if amount <= 0:
            return end
        layout = self._covering(end, end)
        wanted = layout.passed(end) - amount
        while wanted < 0:
            first = layout.opens[1] if len(layout.opens) > 1 else layout.ends
            _refuse_closure(layout.begins, min(first, end))
            layout = self._wider(layout.begins - _growth(layout), layout.ends)
            wanted = layout.passed(end) - amount
        found = bisect_right(layout.before, wanted) - 1
        start = layout.opens[found] + wanted - layout.before[found]
        for close, reopen in layout.long_closures:
            if start < close < end:
                _refuse_closure(close, min(reopen, end))
        return start

    def between(self, start: int, end: int) -> int:
        """Return the open time from start to end; negative when end is before start."""
        layout = self._layout
        if not (layout.begins <= start < layout.ends and layout.begins <= end < layout.ends):
            layout = self._covering(min(start, end), max(start, end))
        # What `Layout.passed` says of both, written out: this is asked more often than anything else.
        opens, closes = layout.opens, layout.closes
        last, first = bisect_right(opens, end) - 1, bisect_right(opens, start) - 1
        after = layout.before[last] + end - opens[last] if end < closes[last] else layout.after[last]
        before = layout.before[first] + start - opens[first] if start < closes[first] else layout.after[first]
        return after - before

    def is_open(self, at: int) -> bool:
        """Whether the calendar is open at an instant."""
        layout = self._covering(at, at)
        return at < layout.closes[bisect_right(layout.opens, at) - 1]

    def next_opening(self, at: int) -> int:
        """Return this instant when the calendar is open, else the next at which it opens."""
        return self.add(at, 1) - 1

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Return the open spans in [start, end), cut to it, in order."""
        if start >= end:
            return
        layout = self._covering(start, end)
        opens, closes = layout.opens, layout.closes
        for found in range(bisect_right(closes, start), bisect_left(opens, end)):
            yield max(opens[found], start), min(closes[found], end)

    def _covering(self, start: int, end: int) -> Layout:
        layout = self._layout
        if layout.begins <= start and end < layout.ends:
            return layout
        if layout is NOTHING:
            return self._wider(start - _BEHIND, end + _AHEAD)
        growth = _growth(layout)
        begins = layout.begins if layout.begins <= start else min(start, layout.begins - growth)
        ends = layout.ends if end < layout.ends else max(end + DAY, layout.ends + growth)
        return self._wider(begins, ends)

    def _wider(self, begins: int, ends: int) -> Layout:
        """Lay out at least [begins, ends), and keep what was laid out before."""
        with self._widening:
            layout = self._layout
            if layout is not NOTHING:
                begins, ends = min(begins, layout.begins), max(ends, layout.ends)
                if (begins, ends) == (layout.begins, layout.ends):
                    return layout
            first = from_micros(begins).date() - timedelta(days=1)
            last = from_micros(ends).date() + timedelta(days=1)
            if first < _FIRST_DATE or last > _LAST_DATE or last - first > _WIDEST:
                raise OutOfRange("the answer lies outside the years 2 to 9998, or 400 years away")
            self._layout = lay_out(self._definition, first, last)
            return self._layout


def _growth(layout: Layout) -> int:
    # As much again, so that growing step by step costs no more than twice the whole.
    return max(_AHEAD, layout.ends - layout.begins)


def _refuse_closure(close: int, reopen: int) -> None:
    if reopen - close > LONGEST_CLOSURE:
        since = from_micros(close).isoformat()
        raise NoOpening(f"the calendar is closed for more than 366 days from {since}")


@lru_cache(maxsize=512)
def timeline_of(definition: Definition) -> Timeline:
    """Return the timeline that all calendars of this definition share."""
    return Timeline(definition)
