"""The times that an agent who promises something is offered: such as people name them, on the desk's own calendar."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from upheld.clock import Calendar, NoOpening, zone

_A_DAY = timedelta(days=1)
_NOON = time(12)
# Nobody promises what is due while they still write it.
_SOON = timedelta(minutes=15)


class Offer(NamedTuple):
    """`kind` is "closing" or "noon"; `days` says of which day: 0 is today, as the calendar counts."""

    kind: str
    days: int
    at: datetime


def offers(calendar: Calendar, now: datetime) -> list[Offer]:
    """Return today's closing, and noon and closing of the next day that is open; only what lies ahead, each once."""
    today = calendar.local_date(now)
    found = _closing(calendar, today, today)
    try:
        opens = calendar.next_opening(calendar.midnight(today + _A_DAY))
    except NoOpening:
        return [each for each in found if each.at >= now + _SOON]
    found += _day(calendar, calendar.local_date(opens), today)
    return [each for each in found if each.at >= now + _SOON]


def _day(calendar: Calendar, day: date, today: date) -> list[Offer]:
    noon = datetime.combine(day, _NOON, tzinfo=zone(calendar.zone)).astimezone(UTC)
    at_noon = [Offer("noon", (day - today).days, noon)] if calendar.is_open(noon) else []
    return [*at_noon, *_closing(calendar, day, today)]


def _closing(calendar: Calendar, day: date, today: date) -> list[Offer]:
    spans = list(calendar.spans(calendar.midnight(day), calendar.midnight(day + _A_DAY)))
    return [Offer("closing", (day - today).days, spans[-1].end)] if spans else []
