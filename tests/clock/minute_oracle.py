"""A slow second opinion: walk every minute, look at the wall clock, and remember which minutes are open.

It shares no code with the clock. A span of a date opens at the date's first minute that reads at or after its
opening time and closes after the last minute that reads before its closing time; where the closing time itself
is read twice, it closes at the second reading.
"""

from datetime import UTC, date, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def pinned(name):
    """Return a zone of the wheel's data; the system's may be older."""
    with resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file)


def minutes(text):
    return int(text[:2]) * 60 + int(text[3:])


class MinuteOracle:
    def __init__(self, zone, weekly, holidays=(), overrides=None, *, first, last):
        """Walk the local dates from `first` to `last`."""
        self.replaced = {day: [] for day in holidays} | dict(overrides or {})
        self.weekly = weekly
        self.open = set()
        walked = self._walk(pinned(zone), first, last)
        day = first
        while day <= last:
            for opens, closes in self._hours(day):
                self._mark(walked.get(day, []), opens, closes)
            day += timedelta(days=1)

    def _walk(self, zone, first, last):
        """Return (minute of the day, instant) by local date, in the order of time."""
        at = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
        end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=2)
        walked = {}
        while at < end:
            local = at.astimezone(zone)
            walked.setdefault(local.date(), []).append((local.hour * 60 + local.minute, at))
            at += MINUTE
        return walked

    def _hours(self, day):
        own = self.replaced.get(day, self.weekly.get(DAYS[day.weekday()], []))
        for opens, closes in own:
            start, end = minutes(opens), minutes(closes)
            yield start, 24 * 60 if end <= start else end
        if day in self.replaced:
            return
        before = day - timedelta(days=1)
        for opens, closes in self.replaced.get(before, self.weekly.get(DAYS[before.weekday()], [])):
            if minutes(closes) <= minutes(opens):
                yield 0, minutes(closes)

    def _mark(self, walked, opens, closes):
        starts = [at for minute, at in walked if minute >= opens]
        ends = [at + MINUTE for minute, at in walked if minute < closes]
        readings = [at for minute, at in walked if minute == closes]
        if not starts or not ends:
            return
        end = max([ends[-1], readings[-1]] if len(readings) > 1 else [ends[-1]])
        at = starts[0]
        while at < end:
            self.open.add(at)
            at += MINUTE

    def is_open(self, at):
        return at in self.open

    def between(self, start, end):
        count = 0
        while start < end:
            count += start in self.open
            start += MINUTE
        return count * MINUTE

    def add(self, start, amount):
        while amount > timedelta(0):
            if start in self.open:
                amount -= MINUTE
            start += MINUTE
        return start


def utc(year, month, day, hour=0, minute=0, second=0, microsecond=0):
    return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=UTC)


def every_day(*spans):
    return {day: list(spans) for day in DAYS}


def working_week(*spans):
    return {day: list(spans) for day in DAYS[:5]}


__all__ = ["DAYS", "MinuteOracle", "date", "every_day", "utc", "working_week"]
