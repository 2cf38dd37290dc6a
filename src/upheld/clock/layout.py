"""A stretch of a calendar laid out: its open spans in order, with running totals. Never changed once made."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from upheld.clock.definition import Definition
from upheld.clock.instant import DAY, to_micros

LONGEST_CLOSURE = 366 * DAY


@dataclass(frozen=True, slots=True)
class Layout:
    """Open spans within [begins, ends), in microseconds.

    `before` and `after` are the open time since `begins` when a span opens and when it closes. The first
    span is empty and stands at `begins`, so that every instant covered has a span at or before it.
    `long_closures` are the closed stretches of more than 366 days.
    """

    begins: int
    ends: int
    opens: list[int]
    closes: list[int]
    before: list[int]
    after: list[int]
    long_closures: tuple[tuple[int, int], ...]

    def passed(self, at: int) -> int:
        """Return the open time between `begins` and an instant that is covered."""
        found = bisect_right(self.opens, at) - 1
        if at < self.closes[found]:
            return self.before[found] + at - self.opens[found]
        return self.after[found]


NOTHING = Layout(0, 0, [0], [0], [0], [0], ())


def lay_out(definition: Definition, first: date, last: date) -> Layout:
    """Lay out the dates from `first` to `last`.

    The outer dates are only partly known, since a local date begins and ends up to a day away from the
    date in UTC; what is covered is therefore a day shorter on either side.
    """
    begins, ends = _midnight(first + timedelta(days=1)), _midnight(last)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    spans = sorted(span for day in days for span in definition.spans_of(day))
    return _totalled(begins, ends, _united(spans, begins, ends))


def _midnight(day: date) -> int:
    return to_micros(datetime(day.year, day.month, day.day, tzinfo=UTC))


def _united(spans: Iterable[tuple[int, int]], begins: int, ends: int) -> list[tuple[int, int]]:
    result = [(begins, begins)]
    for start, end in spans:
        start, end = max(start, begins), min(end, ends)
        if start >= end:
            continue
        if len(result) > 1 and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def _totalled(begins: int, ends: int, spans: list[tuple[int, int]]) -> Layout:
    before, after, total = [], [], 0
    for start, end in spans:
        before.append(total)
        total += end - start
        after.append(total)
    opens, closes = [start for start, _ in spans], [end for _, end in spans]
    closures = zip(closes, opens[1:], strict=False)
    long = tuple((close, reopen) for close, reopen in closures if reopen - close > LONGEST_CLOSURE)
    return Layout(begins, ends, opens, closes, before, after, long)
