"""Office hours of those who answer, as plain figures: no holidays, no change of the clocks. Policies know better."""

from datetime import UTC, datetime, timedelta
from random import Random

_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
_OPENS, _A_DAY, _DAYS = 7.5, 9.5, 5
_AT_NIGHT = 0.15


def worked_until(at: datetime) -> float:
    """Return the office hours that have passed by an instant, counted from a Monday long ago."""
    since = at - _MONDAY
    week, day = divmod(since.days, 7)
    if day >= _DAYS:
        return (week + 1) * _DAYS * _A_DAY
    return (week * _DAYS + day) * _A_DAY + min(max(since.seconds / 3600 - _OPENS, 0.0), _A_DAY)


def instant_of(worked: float) -> datetime:
    """Return the instant by which so many office hours have passed."""
    day, hours = divmod(worked, _A_DAY)
    week, weekday = divmod(int(day), _DAYS)
    return _MONDAY + timedelta(days=week * 7 + weekday, hours=_OPENS + hours)


def when_people_write(at: datetime, random: Random) -> datetime:
    """Move an instant to where most people write: into the hours of an office, most of all the morning."""
    if random.random() < _AT_NIGHT:
        return at
    midnight = at.replace(hour=0, minute=0, second=0)
    if midnight.weekday() >= _DAYS:
        midnight -= timedelta(days=midnight.weekday() - random.randrange(_DAYS))
    return midnight + timedelta(hours=random.triangular(_OPENS, _OPENS + _A_DAY, 9.5))
