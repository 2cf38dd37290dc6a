"""The one place where the time is read. Everywhere else it is passed in.

A desk lives by the clock on the wall. A lab (`docs/lab.md`) lives by one of its own, on which all of its processes
agree; sessions, codes and signs of life stay on the wall's clock even there, since browsers and doctors live by it.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from upheld.desks.lab_clock import LabClock

_SHORTEST_REST, _LONGEST_REST = 0.25, 1.0
# The clock of a lab stands while something is due, so what is under way needs little time to arrive.
_LONGEST_AGO = 0.1


def now() -> datetime:
    """Return the present instant: the wall's, or in a lab the lab's."""
    return _clock(settings.LAB).now() if settings.LAB else datetime.now(UTC)


def by_the_wall(now: datetime) -> datetime:
    """Return the instant on the wall's clock at which the desk's was `now`: the same, but in a lab."""
    return datetime.now(UTC) if settings.LAB else now


def ago(now: datetime, span: timedelta) -> datetime:
    """Return what the desk's clock said `span` of real time before it said `now`; in a lab, a tenth of a second."""
    if not settings.LAB:
        return now - span
    return min(now, _clock(settings.LAB).at(-min(span.total_seconds(), _LONGEST_AGO)))


def rest(seconds: float) -> float:
    """Return for how long to rest where one looks every so many seconds of the desk's time."""
    if not settings.LAB:
        return seconds
    speed = _clock(settings.LAB).speed()
    return min(seconds, max(seconds / max(speed, 1.0), _SHORTEST_REST), _LONGEST_REST)


def lab_clock() -> LabClock:
    """Return the clock of this lab; there is one in a lab alone."""
    return _clock(settings.LAB)


@lru_cache(maxsize=4)
def _clock(path: Path) -> LabClock:
    return LabClock(path)
