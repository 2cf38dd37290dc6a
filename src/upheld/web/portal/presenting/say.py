"""Instants as customers read them: the same words as in the desk's mails."""

from datetime import date, datetime

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _

from upheld.clock import zone as zone_named
from upheld.mailboxes.outgoing.times import say_instant
from upheld.web.presenting.times import When


def said_at(instant: datetime, zone: str) -> When:
    """An instant in full, with its zone: it stays clear when it is quoted, and when the clocks change."""
    words = say_instant(instant, zone)
    return When(iso=instant.isoformat(), text=words, full=words)


def said_shortly(instant: datetime, zone: str, year: int | None = None) -> When:
    """Weekday, date and time, for where the zone stands once beside many instants; without its year where `year` is it.

    Cut to the minute, so that nobody is told a later one than counts.
    """
    local = instant.astimezone(zone_named(zone))
    words = f"{said_day(local, year)}, {local:%H:%M}"
    return When(instant.isoformat(), words, say_instant(instant, zone))


def said_day(day: date, year: int | None = None) -> str:
    """Weekday and date: `Monday 16 March 2026`; without its year where `year` is it."""
    said = {"weekday": WEEKDAYS[day.weekday()], "day": day.day, "month": MONTHS[day.month], "year": day.year}
    if day.year == year:
        return _("%(weekday)s %(day)s %(month)s") % said
    return _("%(weekday)s %(day)s %(month)s %(year)s") % said
