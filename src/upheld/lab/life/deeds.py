"""From a seed to deeds: who writes what and when, and when each turn of its plot falls. Pure; no Django, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from upheld.clock import Calendar
from upheld.lab.life.plots import PLOTS, Plot, Turn
from upheld.lab.life.words import PROBLEMS, SAYINGS, THE_THING
from upheld.lab.life.world import ANSWERING, World

_AN_HOUR = timedelta(hours=1)
# How many requests an hour brings: by day, in the evening and on weekends, at night.
_BY_DAY, _AT_THE_EDGES, _AT_NIGHT = 0.7, 0.15, 0.03
_EARLY, _MORNING, _EVENING, _LATE = 7, 8, 18, 23
_SATURDAY = 5
_WITHOUT_A_PROMISE = timedelta(hours=6)
_A_BREATH = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Request:
    """The `number`-th request of a lab: who makes it, by which door, and how its life will go."""

    number: int
    name: str
    address: str
    subject: str
    text: str
    door: str
    priority: str | None
    product: str
    reason: str
    agent: str
    plot: Plot

    def saying(self, turn: int) -> str:
        """Return what is said at a turn of the plot; a deed without words says nothing."""
        sayings = SAYINGS.get(self.plot.turns[turn].deed, ("",))
        return sayings[(self.number + turn) % len(sayings)]


def request(seed: int, number: int, world: World) -> Request:
    """Return the request that this seed makes at this place."""
    chance = _chance(seed, number, "request")
    name, address = chance.choice(world.customers)
    product, thing = chance.choice(world.products) if world.products else ("", THE_THING)
    subject, text = chance.choice(PROBLEMS)
    return Request(
        number=number,
        name=name,
        address=address,
        subject=_capital(subject.format(thing=thing)),
        text=f"{_capital(text.format(thing=thing))}\n\n{name}",
        door="mail" if chance.random() < 0.6 else "portal",
        priority=chance.choice(world.priorities) if world.priorities and chance.random() < 0.7 else None,
        product=product,
        reason=chance.choice(world.reasons) if world.reasons else "",
        agent=chance.choice(ANSWERING).key,
        plot=chance.choices(PLOTS, [each.weight for each in PLOTS])[0],
    )


def next_arrival(seed: int, number: int, before: datetime, zone: str) -> datetime:
    """Return when this request comes, where the one before it came at `before`: most come by day, few at night."""
    chance, patience = _chance(seed, number, "arrival"), 0.0
    wanted = chance.expovariate(1.0)
    for hour in _hours(before):
        step = _rate(hour, zone)
        if patience + step >= wanted:
            return hour + _AN_HOUR * ((wanted - patience) / step)
        patience += step
    raise AssertionError("hours never end")


def when(turn: Turn, before: datetime, due: datetime | None, hours: Calendar, zone: str) -> datetime:
    """Return when a turn falls, where the turn before it was at `before` and `due` is the next promise of its ticket.

    An agent works while the desk is open, a customer between seven and eleven at night.
    """
    if turn.share is not None:
        at = _shared(turn.share, before, due, hours)
    else:
        at = before + timedelta(hours=turn.hours)
    at = max(at, before + _A_BREATH)
    if turn.by_customer:
        return _awake(at, zone)
    # Not everybody answers on the stroke of nine.
    return at if hours.is_open(at) else hours.next_opening(at) + timedelta(minutes=3 + before.minute % 40)


def _shared(share: float, before: datetime, due: datetime | None, hours: Calendar) -> datetime:
    """When a share of the time until `due` is used up: of working time, but where the promise leaves none of that."""
    if due is None or due <= before:
        return hours.add(before, _WITHOUT_A_PROMISE * share)
    working = hours.between(before, due)
    return hours.add(before, working * share) if working else before + (due - before) * share


def _awake(at: datetime, zone: str) -> datetime:
    local = at.astimezone(ZoneInfo(zone))
    if _EARLY <= local.hour < _LATE:
        return at
    morning = local.replace(hour=_EARLY, minute=local.minute, second=0, microsecond=0)
    if local.hour >= _LATE:
        morning += timedelta(days=1)
    return morning.astimezone(at.tzinfo)


def _rate(at: datetime, zone: str) -> float:
    local = at.astimezone(ZoneInfo(zone))
    if not _EARLY <= local.hour < _LATE:
        return _AT_NIGHT
    by_day = _MORNING <= local.hour < _EVENING and local.weekday() < _SATURDAY
    return _BY_DAY if by_day else _AT_THE_EDGES


def _hours(start: datetime) -> Iterator[datetime]:
    while True:
        yield start
        start += _AN_HOUR


def _chance(seed: int, number: int, what: str) -> Random:
    return Random(f"{seed}:{number}:{what}")  # noqa: S311 - made-up people, not secrets


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
