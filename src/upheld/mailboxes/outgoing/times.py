"""Instants and spans as people say them."""

from datetime import UTC, datetime, timedelta

from upheld.clock import CalendarError
from upheld.clock import zone as zone_named


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
    try:
        local = at.astimezone(zone_named(zone))
    except CalendarError:
        zone, local = "UTC", at.astimezone(UTC)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({_say_zone(zone, local)})"


def _say_zone(zone: str, local: datetime) -> str:
    area, _, place = zone.rpartition("/")
    if area == "Etc" or zone in ("UTC", "GMT"):
        offset = _say_offset(local)
        return "UTC" if offset == "GMT" else offset
    name = f"{place.replace('_', ' ')} time" if area else zone
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
    parts = [_count(days, "day"), _count(hours, "hour"), _count(minutes, "minute")]
    return " ".join([part for part in parts if part][:2]) or "less than a minute"


def _count(number: int, word: str) -> str:
    if number == 0:
        return ""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
