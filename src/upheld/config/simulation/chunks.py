"""Stories in chunks, so that however many there are, only a few are in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple, TypeVar

from upheld.policy.simulation import Line, PastStory

MOST_STORIES = 200
MOST_BYTES = 1 << 20
# The longest story that anybody may send has some twenty million bytes.
LONGEST_LINE = 1 << 25

Item = TypeVar("Item", Line, PastStory)


class Chunk(NamedTuple):
    """Some stories, read or not yet read; `weight` is how far they bring the whole: their bytes or their number."""

    items: tuple[Line, ...] | tuple[PastStory, ...]
    weight: int


def lines(source: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[Line]:
    """Yield the lines that are not empty; of one that is too long the beginning only."""
    place = 0
    while raw := source.readline(longest):
        place += 1
        is_whole = raw.endswith(b"\n") or len(raw) < longest
        if not is_whole:
            _skip_line(source, longest)
        if raw.strip():
            yield Line(place, raw if is_whole else raw[:longest], is_whole)


def _skip_line(source: BinaryIO, longest: int) -> None:
    while (rest := source.readline(longest)) and not rest.endswith(b"\n"):
        pass


def chunks(items: Iterable[Item], weigh: Callable[[Item], int]) -> Iterator[Chunk]:
    """Yield the items together, as many as are quickly looked at."""
    gathered: list[Item] = []
    weight = size = 0
    for item in items:
        gathered.append(item)
        weight += weigh(item)
        size += len(item.raw) if isinstance(item, Line) else 0
        if len(gathered) >= MOST_STORIES or size >= MOST_BYTES:
            yield Chunk(tuple(gathered), weight)
            gathered, weight, size = [], 0, 0
    if gathered:
        yield Chunk(tuple(gathered), weight)
