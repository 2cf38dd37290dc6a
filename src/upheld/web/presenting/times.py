"""Instants and lengths of time, in words. A template never formats a date."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from upheld.clock import CalendarError
from upheld.clock import zone as zone_named

MINUTE = 60
A_WEEK = 6
NOON = 12
DAYS_FROM = 2
# Like the language, this belongs to whoever reads the page that is being made.
_halves: ContextVar[bool] = ContextVar("halves", default=False)


@contextmanager
def read_as(hours: str) -> Iterator[None]:
    """Write times of day by somebody's habit for as long as their page is made: "12" counts the halves of a day."""
    token = _halves.set(hours == "12")
    try:
        yield
    finally:
        _halves.reset(token)


def time_of_day(local: datetime, *, seconds: bool = False) -> str:
    """A time of day, by the habit of whoever reads it."""
    if not _halves.get():
        return f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    hour, half = (local.hour + 11) % 12 + 1, _("am") if local.hour < NOON else _("pm")
    return f"{hour}:{local:%M:%S} {half}" if seconds else f"{hour}:{local:%M} {half}"


@dataclass(frozen=True, slots=True)
class When:
    """An instant: for machines, for the eye, and in full for whoever hovers."""

    iso: str
    text: str
    full: str


class Times:
    """Puts instants into words as seen at `now` from one zone."""

    def __init__(self, zone: str, now: datetime) -> None:
        self.zone = _zone(zone)
        self.now = now
        # Translated once: a list names dozens of days.
        self._near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
        self._weekdays = [str(WEEKDAYS_ABBR[day]) for day in range(7)]
        self._full_weekdays = [str(WEEKDAYS[day]) for day in range(7)]
        self._months = [""] + [str(MONTHS[month]) for month in range(1, 13)]
        self._today = now.astimezone(self.zone).date()
        short = now.astimezone(self.zone).tzname() or ""
        self.zone_name = f"{zone} ({short})" if short and short != zone else zone

    def when(self, instant: datetime) -> When:
        local = instant.astimezone(self.zone)
        return When(iso=instant.isoformat(), text=self._text(local), full=self._full(local))

    def optional(self, instant: datetime | None) -> When | None:
        return None if instant is None else self.when(instant)

    def day(self, instant: datetime) -> str:
        """A day's short name for an axis."""
        local = instant.astimezone(self.zone)
        return f"{self._weekdays[local.weekday()]} {local.day}"

    def full_day(self, day: date) -> str:
        """A day's name for a heading."""
        return f"{self._full_weekdays[day.weekday()]} {day.day} {self._months[day.month]} {day.year}"

    def day_name(self, instant: datetime) -> str:
        """The local day of an instant, for a heading."""
        return self.full_day(instant.astimezone(self.zone).date())

    def clock(self, instant: datetime) -> str:
        """Hours and minutes of an instant, where its day stands above."""
        return f"{instant.astimezone(self.zone):%H:%M}"

    def midnights(self, start: datetime, end: datetime) -> list[datetime]:
        """The starts of the local days within [start, end]; at most a year of them."""
        day = start.astimezone(self.zone).date() + timedelta(days=1)
        found: list[datetime] = []
        while len(found) < 366:
            midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)
            if midnight > end:
                break
            found.append(midnight)
            day += timedelta(days=1)
        return found

    def _text(self, local: datetime) -> str:
        clock = time_of_day(local)
        days = (local.date() - self._today).days
        if days in self._near:
            return f"{self._near[days]} {clock}"
        if 0 < days <= A_WEEK:
            return f"{self._weekdays[local.weekday()]} {clock}"
        month = self._months[local.month][:3]
        if local.year == self._today.year:
            return f"{self._weekdays[local.weekday()]} {local.day} {month} {clock}"
        return f"{local.day} {month} {local.year} {clock}"

    def _full(self, local: datetime) -> str:
        return f"{self.full_day(local.date())}, {time_of_day(local, seconds=True)} {local.tzname()}"


def length(amount: timedelta) -> str:
    """A length of time in hours and minutes: never in days, since a working day is not 24 hours."""
    minutes = abs(int(amount.total_seconds())) // MINUTE
    hours, rest = divmod(minutes, MINUTE)
    if not minutes:
        return _("under 1 min") if amount else _("0 min")
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": f"{rest:02}"}


def plain_length(amount: timedelta) -> str:
    """A length of plain time, in days and hours once it is long: here a day is 24 hours."""
    days, hours = divmod(abs(int(amount.total_seconds())) // (60 * MINUTE), 24)
    if days < DAYS_FROM:
        return length(amount)
    return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}


def _zone(name: str) -> tzinfo:
    try:
        return zone_named(name)
    except CalendarError:
        return UTC
