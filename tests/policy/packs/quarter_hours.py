"""A desk seen from quarter hour to quarter hour; it shares no code with the clock that it checks."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


class QuarterHours:
    """The quarter hours in which a desk is open that keeps the same hours from Monday to Friday."""

    def __init__(
        self, zone: str, opens: int, closes: int, first: str, weeks: int, closed: frozenset[date]
    ) -> None:
        self.zone = ZoneInfo(zone)
        start = datetime.fromisoformat(first).replace(tzinfo=self.zone).astimezone(UTC)
        self.receipts = [start + number * QUARTER for number in range(weeks * 7 * 24 * 4)]
        # What comes last is due some days later, over a holiday perhaps.
        ahead = [start + number * QUARTER for number in range((weeks + 3) * 7 * 24 * 4)]
        self.open = [at for at in ahead if self._is_open(at, opens, closes, closed)]
        self._dates = sorted({at.astimezone(self.zone).date() for at in self.open})
        self._is_in = frozenset(self.open)

    def _is_open(self, at: datetime, opens: int, closes: int, closed: frozenset[date]) -> bool:
        wall = at.astimezone(self.zone)
        return wall.weekday() < 5 and opens <= wall.hour < closes and wall.date() not in closed

    def is_open(self, at: datetime) -> bool:
        return at in self._is_in

    def next_opening(self, at: datetime) -> datetime:
        return self.open[bisect_left(self.open, at)]

    def working(self, at: datetime, hours: int) -> datetime:
        """When so many open hours are over."""
        return self.open[bisect_left(self.open, at) + 4 * hours - 1] + QUARTER

    def business_days(self, at: datetime, days: int) -> datetime:
        """So many business days later, at the same time of day."""
        wall = self.next_opening(at).astimezone(self.zone)
        day = self._dates[self._dates.index(wall.date()) + days]
        return datetime.combine(day, time(wall.hour, wall.minute), self.zone).astimezone(UTC)


def out_of_order(receipts: list[datetime], dues: list[datetime]) -> list[datetime]:
    """Return the receipts after which somebody who asked later would be due sooner."""
    found = zip(receipts, pairwise(dues), strict=False)
    return [at for at, (due, next_due) in found if next_due < due]


def differences(
    receipts: list[datetime], dues: list[datetime], expected: list[datetime]
) -> list[tuple[datetime, datetime, datetime]]:
    """Return the receipts at which the policy and the walk differ, with what each of them says."""
    return [(at, due, other) for at, due, other in zip(receipts, dues, expected, strict=True) if due != other]
