"""Until when an agent may put a ticket off with one press: later today, the next morning, Monday."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from upheld.clock import Calendar, NoOpening, zone

_LATER = timedelta(hours=3)
_SOONER = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)
_MORNING = time(8)
_NOON = time(12)
_EVENING = time(20)
LONGEST = timedelta(days=366)


class Until(StrEnum):
    """What is offered."""

    later = "later"
    tomorrow = "tomorrow"
    monday = "monday"


def offers(now: datetime, agent_zone: str, hours: Calendar | None) -> Mapping[Until, datetime]:
    """Return what is offered at `now`, with its instant; what makes no sense then is left out.

    Days are those of the agent's zone, mornings begin when the desk opens, not before eight o'clock there. Today is
    over when the desk closes.
    """
    today = now.astimezone(zone(agent_zone)).date()
    found = {
        Until.later: _later_today(now, agent_zone, hours),
        Until.tomorrow: _morning(today + timedelta(days=1), agent_zone, hours),
        Until.monday: _morning(_next_monday(today), agent_zone, hours),
    }
    if found[Until.monday] == found[Until.tomorrow]:
        del found[Until.monday]
    return {until: at for until, at in found.items() if at is not None}


def read_instant(text: str, agent_zone: str) -> datetime | None:
    """Read a date and time as a form gives it (`2026-11-23T08:30`), in the agent's zone; None for anything else."""
    try:
        local = datetime.fromisoformat(text)
        return local.replace(tzinfo=zone(agent_zone)).astimezone(UTC) if local.tzinfo is None else None
    except (ValueError, OverflowError):
        return None


def _later_today(now: datetime, agent_zone: str, hours: Calendar | None) -> datetime | None:
    """In three hours, or in one where the day is over by then; None late in the day."""
    for wait in (_LATER, _SOONER):
        at = _to_the_quarter(now + wait)
        if at < _end_of_day(now, agent_zone, hours):
            return at
    return None


def _end_of_day(now: datetime, agent_zone: str, hours: Calendar | None) -> datetime:
    """When the desk closes for the last time on the agent's day; in the evening where it has no hours, or is shut."""
    begins, ends = (
        _at(_day(now, agent_zone), time(0), agent_zone),
        _at(_day(now, agent_zone), _EVENING, agent_zone),
    )
    closing = [span.end for span in hours.spans(begins, ends)] if hours else []
    return max(closing, default=ends)


def _morning(day: date, agent_zone: str, hours: Calendar | None) -> datetime | None:
    """When the desk opens in the morning of a day; None where it stays shut all day."""
    begins = _at(day, _MORNING, agent_zone)
    if hours is None:
        return begins
    try:
        opens = hours.next_opening(begins)
    except NoOpening:
        return begins
    if _day(opens, agent_zone) != day:
        return None
    # A desk on the other side of the world opens in somebody's evening, which is no morning of theirs.
    return opens if opens < _at(day, _NOON, agent_zone) else begins


def _next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _day(at: datetime, agent_zone: str) -> date:
    return at.astimezone(zone(agent_zone)).date()


def _at(day: date, wall: time, agent_zone: str) -> datetime:
    return datetime.combine(day, wall, zone(agent_zone)).astimezone(UTC)


def _to_the_quarter(at: datetime) -> datetime:
    over = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at if not over else at - over + _QUARTER
