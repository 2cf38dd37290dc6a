"""Lives are made and written in chunks: each has a random source and ids of its own, so that any process may write any
of them, in any order, and the same comes of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Protocol

from upheld.desks.models import Desk
from upheld.lab.generator.ids import Ids
from upheld.lab.generator.life import Crowd, Life, Part
from upheld.lab.generator.place import Place, place_of
from upheld.lab.generator.rows import add
from upheld.lab.generator.tables import Rows, copy
from upheld.lab.generator.words import Words

SIZE = 2_000


class Made(Protocol):
    """Makes the lives of a chunk, such as `lives`."""

    def __call__(
        self, count: int, crowd: Crowd, now: datetime, random: Random, *, words: Words, part: Part
    ) -> Iterator[Life]: ...


class OutOfIdsError(Exception):
    """A chunk has more rows than there are ids for it."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some of all tickets: which of how many, and where their ids begin and end."""

    desk_id: int
    source: int
    number: int
    first: int
    count: int
    of: int
    messages: int
    now: datetime
    ids: Ids
    ends: Ids
    made: Made

    def lives(self, crowd: Crowd) -> Iterator[Life]:
        """Return the lives of this chunk: the same for the same source and number, whoever asks."""
        random = Random(f"{self.source}:{self.number}")  # noqa: S311
        part = Part(self.first / self.of, (self.first + self.count) / self.of)
        words = _words(self.source)
        return self.made(self.count, crowd, self.now, random, words=words, part=part)


def chunks(
    desk: Desk, tickets: int, *, messages: int, now: datetime, source: int, made: Made, ids: Ids
) -> Iterator[Chunk]:
    """Return all chunks of so many tickets."""
    for number, first in enumerate(range(0, tickets, SIZE)):
        count = min(SIZE, tickets - first)
        yield Chunk(
            desk_id=desk.pk,
            source=source,
            number=number,
            first=first,
            count=count,
            of=tickets,
            messages=messages,
            now=now,
            ids=ids.ahead(first, messages),
            ends=ids.ahead(first + SIZE, messages),
            made=made,
        )


def write_chunk(chunk: Chunk) -> int:
    """Make the lives of a chunk and copy their rows; return how many tickets that is."""
    place = _place(chunk.desk_id, chunk.now)
    ids = replace(chunk.ids, free=dict(chunk.ids.free))
    rows = Rows()
    for life in chunk.lives(place.crowd(chunk.messages)):
        add(rows, life, place, ids, chunk.now)
    if short := [name for name, free in ids.free.items() if free > chunk.ends.free[name]]:
        raise OutOfIdsError(f"chunk {chunk.number}: {', '.join(short)}")
    copy(rows)
    return chunk.count


@lru_cache(maxsize=1)
def _place(desk_id: int, now: datetime) -> Place:
    return place_of(Desk.objects.get(pk=desk_id), now)


@lru_cache(maxsize=1)
def _words(source: int) -> Words:
    return Words(Random(source))  # noqa: S311
