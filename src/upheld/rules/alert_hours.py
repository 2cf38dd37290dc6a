"""When an agent may be told outside the pages: at any hour, while their desk is open, or in weekly hours of their own.

What is no page waits for the next opening. Hours are half-open: who is told at the very instant of closing is told when
they open again. Where no hours are known, or none ever come, nothing waits: an alert too early is better than none.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from upheld.clock import Calendar, CalendarError, NoOpening

ALWAYS, DESK, OWN = "always", "desk", "own"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Pairs of wall times by day, such as {"mon": [["09:00", "12:00"], ["13:00", "17:30"]]}; a missing day is closed.
WeeklyTimes = Mapping[str, Sequence[Sequence[str]]]


def own_hours(times: WeeklyTimes, zone: str) -> Calendar:
    """Return somebody's weekly hours in their zone; raises CalendarError for what is no time of day."""
    weekly = {day: [(str(opens), str(closes)) for opens, closes in spans] for day, spans in times.items()}
    return Calendar(zone, weekly)


def read_times(text: str) -> list[list[str]]:
    """Read the hours of one day, such as "09:00-12:00, 13:00-17:30"; raises CalendarError for what says no hours."""
    spans = [[end.strip() for end in span.split("-")] for span in text.replace("\N{EN DASH}", "-").split(",")]
    spans = [span for span in spans if span != [""]]
    if any(len(span) != 2 for span in spans):
        raise CalendarError(f"{text!r} says no hours")
    own_hours({"mon": spans}, "UTC")
    return spans


def said_times(spans: Sequence[Sequence[str]]) -> str:
    """Write the hours of one day as `read_times` reads them."""
    return ", ".join("-".join(span) for span in spans)


def hours_of(choice: str, *, desk: Calendar | None, own: WeeklyTimes, zone: str) -> Calendar | None:
    """Return the hours that an agent chose; None for any hour."""
    if choice == DESK:
        return desk
    if choice != OWN or not any(own.values()):
        return None
    try:
        return own_hours(own, zone)
    except (CalendarError, ValueError):
        return None


def leaves_at(hours: Calendar | None, at: datetime) -> datetime:
    """Return the first instant from `at` on at which they are open."""
    if hours is None:
        return at
    try:
        return hours.next_opening(at)
    except NoOpening:
        return at
