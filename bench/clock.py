"""The clock: `add` and `between` on a calendar of ten years with holidays, beside a bare bisect loop."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from bench.row import Row, rate
from upheld.clock import Calendar

_COUNT = 20_000
_START = datetime(2020, 1, 1, tzinfo=UTC)


def run() -> Iterator[Row]:
    calendar = _calendar()
    random = Random(1)  # noqa: S311
    starts = [_START + timedelta(seconds=random.randrange(10 * 365 * 86_400)) for _ in range(_COUNT)]
    amounts = [timedelta(minutes=random.randrange(1, 80 * 60)) for _ in range(_COUNT)]
    ends = [start + timedelta(days=random.randrange(1, 30)) for start in starts]
    bare = rate(lambda: _bare_loop(calendar, starts, amounts), _COUNT)
    add = rate(lambda: [calendar.add(*each) for each in zip(starts, amounts, strict=True)], _COUNT)
    between = rate(lambda: [calendar.between(*each) for each in zip(starts, ends, strict=True)], _COUNT)
    keep = "≥ 300,000, within 3× of the loop"
    yield Row("clock", "bare bisect loop", bare, "a second", note="datetimes in, datetimes out")
    yield Row("clock", "add", add, "a second", keep, f"{bare / add:.1f}× slower than the loop")
    yield Row("clock", "between", between, "a second", keep, f"{bare / between:.1f}× slower than the loop")


def _calendar() -> Calendar:
    days = ("mon", "tue", "wed", "thu", "fri")
    holidays = [
        date(year, month, day) for year in range(2020, 2032) for month, day in ((1, 1), (12, 25), (12, 26))
    ]
    return Calendar("Europe/London", {day: [("07:30", "17:00")] for day in days}, holidays)


def _bare_loop(calendar: Calendar, starts: list[datetime], amounts: list[timedelta]) -> list[datetime]:
    """What `add` costs at the least: sums over opening times, two bisections, no other question asked."""
    opens, sums = _SUMS or _fill_sums(calendar)
    one = timedelta(microseconds=1)
    result = []
    for start, amount in zip(starts, amounts, strict=True):
        at = (start - _START) // one
        place = bisect_right(opens, at) - 1
        used = sums[place] + min(max(at - opens[place], 0), sums[place + 1] - sums[place])
        wanted = used + amount // one
        span = bisect_right(sums, wanted) - 1
        result.append(_START + timedelta(microseconds=opens[span] + wanted - sums[span]))
    return result


_SUMS: list[list[int]] = []


def _fill_sums(calendar: Calendar) -> list[list[int]]:
    one = timedelta(microseconds=1)
    opens, sums = [-(10**15)], [0, 0]
    for span in calendar.spans(_START, _START + timedelta(days=4_200)):
        opens.append((span.start - _START) // one)
        sums.append(sums[-1] + (span.end - span.start) // one)
    _SUMS.extend([opens, sums])
    return _SUMS
