"""The clock of a lab: a small file by which every process of it tells the same time.

The clock runs at a speed from an anchor, and never past its *limit*. Whoever keeps it raises the limit bit by bit, so
that the clock stands while somebody acts, and stands for good when its keeper has died. The file keeps the turns of
the last seconds too, since some need to know what the clock said a moment ago.

Reading takes a shared lock and turning an exclusive one, and both look at the wall within it: whoever reads later reads
no earlier time, whatever was turned meanwhile and in whichever process.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

_REMEMBERED = 3.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """How the clock runs from one look at the wall on. Instants are microseconds of 1970, `wall` seconds of the
    machine; `next_deed` is when the keeper acts next, past which nobody may leap."""

    wall: float
    at: int
    speed: float
    limit: int
    next_deed: int | None = None
    chosen: float = 0.0

    def read(self, wall: float) -> int:
        """Return the instant that the clock shows when the machine shows `wall`."""
        passed = int(max(wall - self.wall, 0.0) * self.speed * 1_000_000)
        return max(min(self.at + passed, self.limit), self.at)


class LabClock:
    """The clock in one file. `wall` is the machine's own counter, which every process reads alike."""

    def __init__(self, path: Path, wall: Callable[[], float] = time.monotonic) -> None:
        self._path, self._wall = path, wall

    def now(self) -> datetime:
        """Return the lab's time."""
        return self.at(0.0)

    def at(self, offset: float) -> datetime:
        """Return what the clock said `-offset` seconds of real time ago, as far as it remembers."""
        with self._locked(fcntl.LOCK_SH) as file:
            turns, wall = _load(file), self._wall() + offset
        for turn in reversed(turns):
            if turn.wall <= wall:
                return _instant(turn.read(wall))
        return _instant(turns[0].at)

    def speed(self) -> float:
        """Return how many seconds of the lab pass in a real one; 0 while it is paused."""
        return self.last_turn().speed

    def last_turn(self) -> Turn:
        """Return how the clock runs."""
        with self._locked(fcntl.LOCK_SH) as file:
            return _load(file)[-1]

    def limit(self) -> datetime:
        """Return the instant at which the clock stops until its keeper lets it go on."""
        return _instant(self.last_turn().limit)

    def next_deed(self) -> datetime | None:
        """Return when the keeper acts next, as far as it has said so."""
        deed = self.last_turn().next_deed
        return None if deed is None else _instant(deed)

    @classmethod
    def make(
        cls, path: Path, at: datetime, speed: float, wall: Callable[[], float] = time.monotonic
    ) -> "LabClock":
        """Write a clock that stands at `at` until somebody keeps it."""
        first = Turn(wall(), _micros(at), speed, _micros(at), chosen=speed)
        with path.open("xb") as file:
            file.write(_dump([first]))
        return cls(path, wall)

    def begin(self) -> None:
        """Go on where nobody can have read a later time: the machine may have been started anew in between."""
        self._turn(lambda last, wall, _: replace(last, wall=wall, at=last.limit, next_deed=None), forget=True)

    def keep(self, limit: datetime, next_deed: datetime | None) -> None:
        """Let the clock run on up to `limit`, and say when its keeper acts next."""
        deed = None if next_deed is None else _micros(next_deed)
        self._turn(
            lambda last, wall, at: replace(
                last, wall=wall, at=at, limit=max(at, _micros(limit)), next_deed=deed
            )
        )

    def set_speed(self, speed: float) -> None:
        """Run at another speed from here on; 0 stands still."""
        chosen = speed or None
        self._turn(
            lambda last, wall, at: replace(last, wall=wall, at=at, speed=speed, chosen=chosen or last.chosen)
        )

    def leap(self, to: datetime) -> datetime:
        """Go to `to` at once, though never back nor past what the keeper does next; return where it went."""

        def turned(last: Turn, wall: float, at: int) -> Turn:
            target = _micros(to) if last.next_deed is None else min(_micros(to), last.next_deed)
            there = max(at, target)
            return replace(last, wall=wall, at=there, limit=max(last.limit, there))

        return _instant(self._turn(turned).at)

    def _turn(self, turned: Callable[[Turn, float, int], Turn], *, forget: bool = False) -> Turn:
        with self._locked(fcntl.LOCK_EX) as file:
            turns, wall = _load(file), self._wall()
            new = turned(turns[-1], wall, turns[-1].read(wall))
            kept = [] if forget else _recent(turns, wall)
            data = _dump([*kept, new])
            os.pwrite(file, data, 0)
            os.ftruncate(file, len(data))
        return new

    @contextmanager
    def _locked(self, how: int) -> Iterator[int]:
        file = os.open(self._path, os.O_RDWR)
        try:
            fcntl.flock(file, how)
            yield file
        finally:
            os.close(file)


def _recent(turns: list[Turn], wall: float) -> list[Turn]:
    """The turns of the last seconds, and the one by which the clock ran when they began."""
    first = max((place for place, turn in enumerate(turns) if turn.wall <= wall - _REMEMBERED), default=0)
    return turns[first:]


def _load(file: int) -> list[Turn]:
    return [Turn(**turn) for turn in json.loads(os.pread(file, 1 << 20, 0))]


def _dump(turns: list[Turn]) -> bytes:
    return json.dumps([asdict(turn) for turn in turns]).encode()


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICRO


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
