"""The dates on which a calendar opens at all: what a promise in business days counts."""

from bisect import bisect_left
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from upheld.clock.definition import Definition
from upheld.clock.errors import NoOpening, OutOfRange
from upheld.clock.instant import from_micros
from upheld.clock.wall import instant_of, opening
from upheld.clock.zones import zone

_LONGEST_CLOSURE = 366
_LAST_YEAR = 9998
_ONE_DAY = timedelta(days=1)


class BusinessDay(NamedTuple):
    """A date with its first opening and its last closing, cut at midnight, in microseconds since 1970."""

    date: date
    opens: int
    closes: int


class BusinessDays:
    """The business days of one calendar; a year is laid out when it is first asked about."""

    def __init__(self, definition: Definition) -> None:
        """Begin with no year laid out."""
        self._definition = definition
        self._zone = zone(definition.zone)
        self._years: dict[int, list[BusinessDay]] = {}

    def local(self, at: int) -> datetime:
        """Return the wall time of an instant in the calendar's zone."""
        return from_micros(at).astimezone(self._zone)

    def on_or_after(self, day: date) -> BusinessDay:
        """Return the first business day from a date on; raises NoOpening after a year without one."""
        return self._counted(day, 0)

    def after(self, day: date, count: int) -> BusinessDay:
        """Return the business day that is `count` business days after a date; 0 is the date itself or the next."""
        return self._counted(day, 0) if count == 0 else self._counted(day + _ONE_DAY, count - 1)

    def at_time(self, day: BusinessDay, wall: datetime) -> int:
        """Return the instant at which a business day reads the time of `wall`, whatever date that has."""
        return instant_of(datetime.combine(day.date, wall.time()), self._zone)

    def at_minute(self, day: BusinessDay, minute: int) -> int:
        """Return the instant at which a business day reads this minute of the day."""
        return opening(day.date, minute, self._zone)

    def _counted(self, day: date, count: int) -> BusinessDay:
        reached, year = day, day.year
        while True:
            days = self._year(year)
            place = bisect_left(days, reached, key=lambda each: each.date) if year == day.year else 0
            if place < len(days):
                self._refuse_closure(reached, days[place].date)
            if place + count < len(days):
                return days[place + count]
            count -= len(days) - place
            reached = days[-1].date if place < len(days) else reached
            year += 1
            self._refuse_closure(reached, date(min(year, _LAST_YEAR), 1, 1))

    def _refuse_closure(self, since: date, until: date) -> None:
        if until.year >= _LAST_YEAR:
            raise OutOfRange("the answer lies outside the years 2 to 9998")
        if (until - since).days > _LONGEST_CLOSURE:
            raise NoOpening(f"the calendar is closed for more than 366 days from {since}")

    def _year(self, year: int) -> list[BusinessDay]:
        known = self._years.get(year)
        if known is None:
            first = date(year, 1, 1)
            days = (first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days))
            found = (self._business_day(day) for day in days)
            known = self._years[year] = [each for each in found if each is not None]
        return known

    def _business_day(self, day: date) -> BusinessDay | None:
        spans = self._definition.spans_of(day)
        if not spans:
            return None
        return BusinessDay(day, min(start for start, _ in spans), max(end for _, end in spans))


@lru_cache(maxsize=512)
def business_days_of(definition: Definition) -> BusinessDays:
    """Return the business days that all calendars of this definition share."""
    return BusinessDays(definition)
