"""The clock strip in a row of a queue: drawn from the stored standing and the calendar alone.

Its axis is the clock's own time, without the hours that do not count: these are the gaps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from upheld.clock import Calendar
from upheld.policy import ClockStanding

WHOLE = 1000
# More gaps than these would be all that one sees.
MOST_GAPS = 12
MOST_OVER = 0.6


@dataclass(frozen=True, slots=True)
class SmallStrip:
    """Places and widths in thousandths of the line. `whole` is where the promised time ends: before the end of the line
    where that is over. `gaps` are where the calendar closes on the way, `warns` is where the warning comes."""

    used: int
    whole: int = WHOLE
    gaps: Sequence[int] = ()
    warns: int | None = None

    @property
    def after(self) -> int:
        return WHOLE - self.whole

    @property
    def shut(self) -> str:
        """The gaps as one path: a row may have many, and a page fifty rows."""
        return "".join(f"M{gap} 0h8v6h-8z" for gap in self.gaps)


def small_strip(clock: ClockStanding | None, calendar: Calendar | None, now: datetime) -> SmallStrip | None:
    """The strip of a clock that waits, as it stands at `now`; None where there is nothing to draw."""
    if clock is None or not clock.budget:
        return None
    if clock.due_at is None:
        return SmallStrip(_thousandths(clock.used, clock.budget))
    if clock.due_at <= now:
        return _over(clock, clock.due_at, now)
    start = max(now, clock.started_at)
    spans = list(_spans(calendar, start, clock.due_at))
    left = sum((closes - opens for opens, closes in spans), timedelta())
    used = max(timedelta(), clock.budget - left)
    return SmallStrip(
        used=_thousandths(used, clock.budget),
        gaps=_gaps(spans, used, clock.budget),
        warns=_warns(clock, spans, used, now),
    )


def _over(clock: ClockStanding, due_at: datetime, now: datetime) -> SmallStrip:
    """What is over is plain time, and takes no more than its share of the line."""
    over = now - due_at
    whole = WHOLE - int(WHOLE * min(MOST_OVER, over / (over + clock.budget)))
    return SmallStrip(used=whole, whole=whole)


def _spans(calendar: Calendar | None, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    if calendar is None:
        yield start, end
        return
    for span in calendar.spans(start, end):
        yield span.start, span.end


def _gaps(spans: Sequence[tuple[datetime, datetime]], used: timedelta, budget: timedelta) -> tuple[int, ...]:
    if len(spans) - 1 > MOST_GAPS:
        return ()
    gaps: list[int] = []
    for (opens, closes), (_following, _end) in pairwise(spans):
        used += closes - opens
        gaps.append(_thousandths(used, budget))
    return tuple(gaps)


def _warns(
    clock: ClockStanding, spans: Sequence[tuple[datetime, datetime]], used: timedelta, now: datetime
) -> int | None:
    """Where a warning that is still to come lies."""
    if clock.warn_at is None or clock.warn_at <= now:
        return None
    for opens, closes in spans:
        used += max(timedelta(), min(closes, clock.warn_at) - opens)
    return _thousandths(used, clock.budget)


def _thousandths(part: timedelta, whole: timedelta) -> int:
    return min(WHOLE, round(WHOLE * (part / whole)))
