"""Instants and spans as people say them, in the language that is in force (`django.utils.translation`)."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from upheld.clock import CalendarError
from upheld.clock import zone as zone_named

# As they stand within a date: in many languages without a capital letter.
_WEEKDAYS = (
    pgettext_lazy("in a date", "Monday"),
    pgettext_lazy("in a date", "Tuesday"),
    pgettext_lazy("in a date", "Wednesday"),
    pgettext_lazy("in a date", "Thursday"),
    pgettext_lazy("in a date", "Friday"),
    pgettext_lazy("in a date", "Saturday"),
    pgettext_lazy("in a date", "Sunday"),
)
_MONTHS = (
    pgettext_lazy("in a date", "January"),
    pgettext_lazy("in a date", "February"),
    pgettext_lazy("in a date", "March"),
    pgettext_lazy("in a date", "April"),
    pgettext_lazy("in a date", "May"),
    pgettext_lazy("in a date", "June"),
    pgettext_lazy("in a date", "July"),
    pgettext_lazy("in a date", "August"),
    pgettext_lazy("in a date", "September"),
    pgettext_lazy("in a date", "October"),
    pgettext_lazy("in a date", "November"),
    pgettext_lazy("in a date", "December"),
)


def read_instant(text: str | None) -> datetime | None:
    """Return the aware instant that ISO text in a notice's data names; None for none."""
    if not text:
        return None
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def say_instant(at: datetime, zone: str) -> str:
    """Return weekday, date, time and zone: `Tuesday 24 March 2026, 13:20 (London time, GMT+1)`.

    Whole minutes, cut off: whoever reads it is never told a later minute than the one that counts.
    """
    zone, local = _in_zone(at, zone)
    return _("%(weekday)s %(day)s %(month)s %(year)s, %(time)s (%(zone)s)") % {
        **_date(local),
        "time": f"{local:%H:%M}",
        "zone": _say_zone(zone, local),
    }


def say_day(at: datetime, zone: str) -> str:
    """Return weekday and date: `Tuesday 24 March 2026`."""
    _zone, local = _in_zone(at, zone)
    return _("%(weekday)s %(day)s %(month)s %(year)s") % _date(local)


def _in_zone(at: datetime, zone: str) -> tuple[str, datetime]:
    try:
        return zone, at.astimezone(zone_named(zone))
    except CalendarError:
        return "UTC", at.astimezone(UTC)


def _date(local: datetime) -> dict[str, object]:
    return {
        "weekday": _WEEKDAYS[local.weekday()],
        "day": pgettext("first day of a month", "1") if local.day == 1 else local.day,
        "month": _MONTHS[local.month - 1],
        "year": local.year,
    }


def _say_zone(zone: str, local: datetime) -> str:
    area, _slash, place = zone.rpartition("/")
    if area == "Etc" or zone in ("UTC", "GMT"):
        offset = _say_offset(local)
        return "UTC" if offset == "GMT" else offset
    name = _("%(place)s time") % {"place": place.replace("_", " ")} if area else zone
    return f"{name}, {_say_offset(local)}"


def _say_offset(local: datetime) -> str:
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    if minutes == 0:
        return "GMT"
    hours, rest = divmod(abs(minutes), 60)
    return f"GMT{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")


def say_span(span: timedelta) -> str:
    """Return a span of elapsed time in its two largest units: `2 days 3 hours`, `45 minutes`."""
    minutes = int(abs(span).total_seconds() // 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        ngettext("%(count)d day", "%(count)d days", days) % {"count": days} if days else "",
        ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours} if hours else "",
        ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes} if minutes else "",
    ]
    return " ".join([part for part in parts if part][:2]) or _("less than a minute")
