"""The clock: `add` and `between` on a calendar of ten years with holidays.

Beside it a bare bisect loop, and two libraries that answer the same questions, where the `bench` group is installed
(`uv sync --group bench`). They are asked fewer times, since they walk day by day.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib.util import find_spec
from random import Random
from typing import Any

from bench.row import Row, rate
from upheld.clock import Calendar

_COUNT = 20_000
_FEWER = 400
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
    for each in _others(starts[:_FEWER], amounts[:_FEWER], ends[:_FEWER], calendar):
        of_ours = add if each.what.endswith(" add") else between
        note = f"{of_ours / each.value:,.0f}× slower than ours" if each.value else each.note
        yield Row(
            each.family,
            each.what,
            each.value,
            each.unit,
            each.keep,
            "; ".join(filter(None, (note, each.note))),
        )


def _others(
    starts: list[datetime], amounts: list[timedelta], ends: list[datetime], calendar: Calendar
) -> Iterator[Row]:
    if find_spec("businesstimedelta") is None or find_spec("business_duration") is None:
        yield Row("clock", "other libraries", None, "a second", note="not installed: uv sync --group bench")
        return
    yield from _businesstimedelta(starts, amounts, ends, calendar)
    yield _business_duration(starts, ends, calendar)


def _businesstimedelta(
    starts: list[datetime], amounts: list[timedelta], ends: list[datetime], calendar: Calendar
) -> Iterator[Row]:
    import businesstimedelta
    import pytz

    london = pytz.timezone("Europe/London")
    days = businesstimedelta.WorkDayRule(
        start_time=time(7, 30), end_time=time(17), working_days=[0, 1, 2, 3, 4], tz=london
    )
    holidays = businesstimedelta.HolidayRule(dict.fromkeys(_holidays(), "closed"), tz=london)
    rules = businesstimedelta.Rules([days, holidays])
    count = len(starts)
    sums: list[Any] = []
    deltas = [businesstimedelta.BusinessTimeDelta(rules, timedelta=amount) for amount in amounts]
    add = rate(lambda: [start + delta for start, delta in zip(starts, deltas, strict=True)], count)
    between = rate(
        lambda: sums.extend(rules.difference(*each) for each in zip(starts, ends, strict=True)), count
    )
    same = sum(
        timedelta(hours=theirs.hours, seconds=theirs.seconds) == calendar.between(start, end)
        for theirs, start, end in zip(sums, starts, ends, strict=False)
    )
    yield Row("clock", "businesstimedelta add", add, "a second")
    yield Row("clock", "businesstimedelta between", between, "a second", note=_agreement(same, count))


def _business_duration(starts: list[datetime], ends: list[datetime], calendar: Calendar) -> Row:
    """It knows no zones, so it is asked in wall time, and minutes are all that it counts."""
    from business_duration import businessDuration

    from upheld.clock import zone

    london = zone("Europe/London")
    walls = [
        tuple(at.astimezone(london).replace(tzinfo=None) for at in each)
        for each in zip(starts, ends, strict=True)
    ]
    holidays = dict.fromkeys(_holidays(), "closed")
    minutes: list[float] = []

    def ask() -> None:
        minutes.clear()
        minutes.extend(
            businessDuration(start, end, time(7, 30), time(17), holidaylist=holidays, unit="min")
            for start, end in walls
        )

    count = len(starts)
    between = rate(ask, count)
    same = sum(
        abs(theirs * 60 - calendar.between(start, end).total_seconds()) < 1
        for theirs, start, end in zip(minutes, starts, ends, strict=True)
    )
    return Row("clock", "business-duration between", between, "a second", note=_agreement(same, count))


def _agreement(same: int, count: int) -> str:
    return f"{same} of {count} answers as ours"


def _calendar() -> Calendar:
    days = ("mon", "tue", "wed", "thu", "fri")
    return Calendar("Europe/London", {day: [("07:30", "17:00")] for day in days}, _holidays())


def _holidays() -> list[date]:
    return [
        date(year, month, day) for year in range(2020, 2032) for month, day in ((1, 1), (12, 25), (12, 26))
    ]


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
