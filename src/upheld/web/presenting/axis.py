"""The axis of a picture of clocks: hours in which a clock runs are all as wide, and others take little room, however
long they last.

It is not to scale, and it never goes back: of two instants the later one is never further left.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import IntEnum
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

END = 0.98
# Of the time that clocks run: what one stretch without it may take at most, and all of them together.
_MOST = {"still": (0.35, 0.6), "shut": (0.06, 0.45)}
# How much narrower short ones are drawn.
_SLOPE = {"still": 1.0, "shut": 0.12}
_LEAST = 0.004
_LEAST_TOGETHER = 0.3


class Room(IntEnum):
    """How much room a stretch asks for; of several clocks the one that asks for most gets it."""

    shut = 0
    still = 1
    work = 2


ROOM = {
    "ran": Room.work,
    "carried": Room.work,
    "ahead": Room.work,
    "paused": Room.still,
    "after": Room.still,
    "closed": Room.shut,
    "holiday": Room.shut,
    "earlier": Room.shut,
}


class Piece(NamedTuple):
    """A stretch of one clock's time: its kind, and what is said of it."""

    kind: str
    start: datetime
    end: datetime
    words: str


class _Part(NamedTuple):
    start: datetime
    end: datetime
    room: Room

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


class Axis:
    """Where an instant lies on the line, as a share of its length."""

    def __init__(
        self, stops: Sequence[tuple[datetime, float]], working: Sequence[tuple[datetime, datetime]] = ()
    ) -> None:
        self.instants = [instant for instant, _ in stops]
        self._working = working
        whole = stops[-1][1] / END
        self.shares = [reached / whole for _, reached in stops]

    @property
    def start(self) -> datetime:
        return self.instants[0]

    @property
    def end(self) -> datetime:
        return self.instants[-1]

    def at(self, instant: datetime) -> str:
        """As a percentage that SVG reads."""
        return _percent(_rounded(self.share(instant)))

    def width(self, start: datetime, end: datetime) -> str:
        """The difference of what `at` says of both, so that neighbours touch."""
        return _percent(_rounded(self.share(end)) - _rounded(self.share(start)))

    def holds(self, instant: datetime) -> bool:
        return self.start <= instant <= self.end

    def runs_between(self, start: datetime, end: datetime) -> bool:
        """Whether any clock runs between two instants."""
        index = bisect_right(self._working, start, key=itemgetter(1))
        return index < len(self._working) and self._working[index][0] < end

    def share(self, instant: datetime) -> float:
        after = bisect_right(self.instants, instant)
        if after == 0:
            return 0.0
        if after == len(self.instants):
            return self.shares[-1]
        before = after - 1
        part = (instant - self.instants[before]) / (self.instants[after] - self.instants[before])
        return self.shares[before] + part * (self.shares[after] - self.shares[before])


def axis_of(lines: Sequence[Sequence[Piece]], start: datetime, end: datetime) -> Axis:
    """The axis from `start` to `end` on which the pieces of several clocks are drawn."""
    parts = list(_parts(lines, start, end))
    widths = _widths(parts)
    reached = 0.0
    stops = [(start, reached)]
    for part, width in zip(parts, widths, strict=True):
        reached += width
        stops.append((part.end, reached))
    return Axis(stops, [(part.start, part.end) for part in parts if part.room is Room.work])


def _parts(lines: Sequence[Sequence[Piece]], start: datetime, end: datetime) -> Iterator[_Part]:
    edges = {edge for pieces in lines for piece in pieces for edge in (piece.start, piece.end)}
    instants = sorted({start, end} | {edge for edge in edges if start < edge < end})
    covers = [Cover(pieces) for pieces in lines]
    for before, after in pairwise(instants):
        yield _Part(before, after, max(cover.room(before) for cover in covers))


class Cover:
    """How much room one clock asks for at an instant."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.starts = [piece.start for piece in pieces]

    def room(self, instant: datetime) -> Room:
        index = bisect_right(self.starts, instant) - 1
        if index < 0 or self.pieces[index].end <= instant:
            return Room.shut
        return ROOM[self.pieces[index].kind]


def _widths(parts: Sequence[_Part]) -> list[float]:
    """What each part takes of the line, none of them too little to be seen."""
    unit = _unit(parts)
    blocks = [(room, list(found)) for room, found in groupby(parts, lambda part: part.room)]
    asked = [_asked(room, sum(part.seconds for part in found) / unit) for room, found in blocks]
    shrunk = {room: _shrunk(room, blocks, asked) for room in Room}
    widths: list[float] = []
    for (room, found), width in zip(blocks, asked, strict=True):
        whole = sum(part.seconds for part in found)
        widths += (width * shrunk[room] * part.seconds / whole for part in found)
    least = min(_LEAST, _LEAST_TOGETHER / len(parts)) * sum(widths)
    return [max(width, least) for width in widths]


def _unit(parts: Sequence[_Part]) -> float:
    """All the time that clocks run; where none ever does, all the time there is."""
    for rooms in ((Room.work,), (Room.still,)):
        if seconds := sum(part.seconds for part in parts if part.room in rooms):
            return seconds
    return sum(part.seconds for part in parts)


def _asked(room: Room, length: float) -> float:
    if room is Room.work:
        return length
    most, _ = _MOST[room.name]
    short = _SLOPE[room.name] * length
    return short / (1 + short / most)


def _shrunk(room: Room, blocks: Iterable[tuple[Room, list[_Part]]], asked: Iterable[float]) -> float:
    """By how much all stretches of a kind are drawn narrower still, when there are very many."""
    if room is Room.work:
        return 1.0
    _, most = _MOST[room.name]
    together = sum(width for (kind, _), width in zip(blocks, asked, strict=True) if kind is room)
    return min(1.0, most / together) if together else 1.0


def _rounded(share: float) -> float:
    return round(share, 5)


def _percent(share: float) -> str:
    return f"{100 * share:.3f}%"
