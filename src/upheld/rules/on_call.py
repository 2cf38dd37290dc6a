"""Who is on call: the turns of a rota, who took a stretch over, and who stands in.

The stated rule: the members of a rota have a week each, in their order, from one hand-over to the next. A hand-over is
the first instant at which the wall clock of the rota's zone has come to it. Who took over a stretch is on call in it,
whoever's turn it is; of several takings the latest made counts. Who is away is on call at no time: a stretch that they
took over counts for nothing then, and their turn falls to the next member in the order who is there. Where no member is
there, nobody is on call. Before the first hand-over nobody is either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from upheld.clock import from_micros, zone
from upheld.clock.wall import instant_of

WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


class Because(StrEnum):
    """Why somebody is on call: it is their turn, they took the stretch over, or they stand in for who is away."""

    turn = "turn"
    swap = "swap"
    stands_in = "stands in"


@dataclass(frozen=True, slots=True)
class Swap:
    """An agent takes over from `starts_at` until just before `ends_at`; of two the one with the higher `order` was made
    later."""

    agent_id: int
    starts_at: datetime
    ends_at: datetime
    order: int = 0


@dataclass(frozen=True, slots=True)
class Away:
    """An agent is away from `starts_at` until just before `ends_at`."""

    agent_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on call, why, and whose turn it is."""

    agent_id: int
    because: Because
    turn_of: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch in which the same person is on call for the same reason; nobody is where `duty` is None."""

    starts_at: datetime
    ends_at: datetime
    duty: Duty | None


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of a rota: its members in their order, a week each from `starts_on` at `hand_over_at`, wall time in
    `zone`. `gone` are members who can be called no more."""

    zone: str
    starts_on: date
    hand_over_at: time
    members: tuple[int, ...]
    swaps: tuple[Swap, ...] = ()
    absences: tuple[Away, ...] = ()
    gone: frozenset[int] = frozenset()

    def on_call(self, at: datetime) -> Duty | None:
        """Who is on call at an instant; None where nobody is."""
        week = self._week(at)
        if week is None or not self.members:
            return None
        turn_of = self.members[week % len(self.members)]
        taken = [each for each in self.swaps if each.starts_at <= at < each.ends_at]
        for swap in sorted(taken, key=lambda each: each.order, reverse=True):
            if self._is_there(swap.agent_id, at):
                return Duty(swap.agent_id, Because.swap, turn_of)
        for agent_id in self._from(turn_of):
            if self._is_there(agent_id, at):
                return Duty(agent_id, Because.turn if agent_id == turn_of else Because.stands_in, turn_of)
        return None

    def in_line(self, at: datetime) -> tuple[int, ...]:
        """Who is called at an instant, one after the other: who is on call, then the members that follow whose turn it
        is, as far as they are there."""
        duty = self.on_call(at)
        if duty is None:
            return ()
        following = (each for each in self._from(duty.turn_of) if self._is_there(each, at))
        return tuple(dict.fromkeys((duty.agent_id, *following)))

    def shifts(self, start: datetime, end: datetime) -> Iterator[Shift]:
        """Yield the shifts within [start, end), cut at its ends and at every hand-over."""
        hand_overs = set(self.hand_overs(start, end))
        cuts = sorted({start, end} | hand_overs | {each for each in self._edges() if start < each < end})
        last: Shift | None = None
        for begun, over in pairwise(cuts):
            duty = self.on_call(begun)
            if last is not None and last.duty == duty and begun not in hand_overs:
                last = Shift(last.starts_at, over, duty)
                continue
            if last is not None:
                yield last
            last = Shift(begun, over, duty)
        if last is not None:
            yield last

    def week_of(self, at: datetime) -> tuple[datetime, datetime] | None:
        """The hand-overs around an instant; None before the first."""
        week = self._week(at)
        return None if week is None else (self._hand_over(week), self._hand_over(week + 1))

    def hand_overs(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Yield the hand-overs within [start, end)."""
        week = self._week(start) or 0
        while (at := self._hand_over(week)) < end:
            if at >= start:
                yield at
            week += 1

    def turn(self, at: datetime) -> int | None:
        """Whose turn it is, there or not; None before the first hand-over, and where there are no members."""
        week = self._week(at)
        return None if week is None or not self.members else self.members[week % len(self.members)]

    def _from(self, agent_id: int) -> tuple[int, ...]:
        """The members in their order, from this one on."""
        place = self.members.index(agent_id)
        return (*self.members[place:], *self.members[:place])

    def _is_there(self, agent_id: int, at: datetime) -> bool:
        if agent_id in self.gone:
            return False
        return not any(
            each.agent_id == agent_id and each.starts_at <= at < each.ends_at for each in self.absences
        )

    def _edges(self) -> Iterator[datetime]:
        stretches: list[Swap | Away] = [*self.swaps, *self.absences]
        for each in stretches:
            yield from (each.starts_at, each.ends_at)

    def _week(self, at: datetime) -> int | None:
        """The number of the week in which an instant lies, from 0; None before the first."""
        days = (at.astimezone(zone(self.zone)).date() - self.starts_on) // _DAY
        # The wall clock may show a day a little before or after its hand-over: the instants decide.
        week = days // 7 + 1
        while week >= 0 and self._hand_over(week) > at:
            week -= 1
        return week if week >= 0 else None

    def _hand_over(self, week: int) -> datetime:
        return wall_instant(self.starts_on + week * WEEK, self.hand_over_at, self.zone)


def wall_instant(day: date, at: time, zone_name: str) -> datetime:
    """Return the first instant at which the wall clock of a zone has come to this time of this day."""
    return from_micros(instant_of(datetime.combine(day, at), zone(zone_name)))


def latest_hand_over(weekday: int, at: time, zone_name: str, now: datetime) -> date:
    """Return the day of the last hand-over up to `now` of those on this weekday (0 is Monday) at this wall time."""
    day = now.astimezone(zone(zone_name)).date() + _DAY
    while day.weekday() != weekday or wall_instant(day, at, zone_name) > now:
        day -= _DAY
    return day
