"""What is written under a picture of clocks: days, or times of day where it shows less than two of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from operator import attrgetter

from upheld.web.presenting.axis import Axis
from upheld.web.presenting.times import Times

# How far names must lie apart to be read: on a wide page, and on a phone; longer ones, which say the day too, more.
APART, FAR_APART = 0.075, 0.2
LONGER = 1.8
_STEPS = [timedelta(minutes=each) for each in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)]
_MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class Tick:
    """`fits_phones` is whether its name is also written where there is little room."""

    x: str
    name: str
    share: float
    fits_phones: bool = False


def ticks(axis: Axis, times: Times) -> list[Tick]:
    """The names of days or times, of which none touches the one before or runs off the end."""
    found, room = _apart(_days(axis, times), APART), 1.0
    if len(found) < 2:
        room = LONGER if _on_several_days(axis, times) else 1.0
        found = _apart(_hours(axis, times), APART * room, found)
    phones = {tick.x for tick in _apart(found, FAR_APART * room)}
    return [replace(tick, fits_phones=tick.x in phones) for tick in found]


def _days(axis: Axis, times: Times) -> list[Tick]:
    """The beginnings of days; of days on end on which no clock runs the last, so that a Monday is not called Saturday.

    The newest, since what is long ago takes little room.
    """
    midnights = times.midnights(max(axis.start, axis.end - timedelta(days=360)), axis.end)
    following = [*midnights, axis.end][1:]
    return [
        Tick(axis.at(midnight), times.day(midnight), axis.share(midnight))
        for midnight, end in zip(midnights, following, strict=True)
        if axis.runs_between(midnight, end)
    ]


def _on_several_days(axis: Axis, times: Times) -> bool:
    first, last = (each.astimezone(times.zone).date() for each in (axis.start, axis.end))
    return first != last


def _hours(axis: Axis, times: Times) -> list[Tick]:
    """Round times of day, at the smallest step that leaves few enough; with their day where there are several."""
    length = axis.end - axis.start
    step = next((each for each in _STEPS if length / each <= _MOST_TRIED), None)
    if step is None:
        return []
    local = axis.start.astimezone(times.zone)
    since_midnight = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    beyond = (since_midnight + timedelta(microseconds=local.microsecond)) % step
    at = (local.astimezone(UTC) - beyond) + (step if beyond else timedelta())
    several = _on_several_days(axis, times)
    found: list[Tick] = []
    while at < axis.end:
        clock = f"{at.astimezone(times.zone):%H:%M}"
        found.append(Tick(axis.at(at), f"{times.day(at)} {clock}" if several else clock, axis.share(at)))
        at += step
    return found


def _apart(candidates: Iterable[Tick], apart: float, kept: Sequence[Tick] = ()) -> list[Tick]:
    """Those that lie far enough from each other and from what is kept, and that in their order."""
    found = list(kept)
    for tick in candidates:
        if tick.share <= 1 - apart and all(abs(tick.share - each.share) >= apart for each in found):
            found.append(tick)
    return sorted(found, key=attrgetter("share"))
