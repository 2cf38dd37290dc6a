"""An English office's hours off a wall calendar, half an hour at a time; shares no code with the desk's calendars."""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
HALF_HOUR = timedelta(minutes=30)
A_DAY = timedelta(days=1)

HOLIDAYS = {
    date(2026, 1, 1),
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 4),
    date(2026, 5, 25),
    date(2026, 8, 31),
    date(2026, 12, 25),
    date(2026, 12, 28),
    date(2027, 1, 1),
}

# Four weeks each: with the change to summer time and Easter, with the change to winter time, with Christmas.
SEASONS = {
    "Easter": date(2026, 3, 23),
    "the change to winter time": date(2026, 10, 12),
    "Christmas": date(2026, 12, 14),
}


def hours_of(first, days=28):
    """Return every full hour of some days, as instants: 23 of them on one Sunday in March, 25 on one in October."""
    start, end = midnight(first), midnight(first + timedelta(days=days))
    return [start + timedelta(hours=number) for number in range((end - start) // timedelta(hours=1))]


def midnight(day):
    """Return the instant at which a date begins in London."""
    return datetime.combine(day, time(0), LONDON).astimezone(UTC)


class Office:
    """Open on weekdays that are no holidays, from and to a time on the half hour."""

    def __init__(self, opens, closes):
        self.opens, self.closes = opens, closes
        self.days = [day for day in _dates(2026) if day.weekday() < 5 and day not in HOLIDAYS]
        self.halves = [half for day in self.days for half in self._halves(day)]

    def _halves(self, day):
        half, closes = self.at(day, self.opens), self.at(day, self.closes)
        while half < closes:
            yield half
            half += HALF_HOUR

    def at(self, day, wall):
        """Return the instant of a time of day."""
        return datetime.combine(day, wall, LONDON).astimezone(UTC)

    def close_of(self, day):
        """Return when a day ends."""
        return self.at(day, self.closes)

    def after(self, start, hours):
        """Return when this many hours have passed since a full or half hour, the closed ones left out."""
        return self.halves[bisect_left(self.halves, start) + round(hours * 2) - 1] + HALF_HOUR

    def worked(self, start, end):
        """Return the hours between two full or half hours, the closed ones left out."""
        return (bisect_left(self.halves, end) - bisect_left(self.halves, start)) / 2

    def opening(self, at):
        """Return this instant, or the next at which somebody is there."""
        return at if self.is_open(at) else self.halves[bisect_left(self.halves, at)]

    def is_open(self, at):
        """Whether somebody is there."""
        before = bisect_right(self.halves, at) - 1
        return before >= 0 and at < self.halves[before] + HALF_HOUR

    def works_on(self, day):
        """Whether the office opens on a date at all."""
        return day in self.days

    def next_day(self, day, count=1):
        """Return the date that is this many working days after a date."""
        return self.days[bisect_right(self.days, day) + count - 1]


def _dates(year):
    day = date(year, 1, 1)
    while day < date(year + 1, 6, 1):
        yield day
        day += A_DAY
