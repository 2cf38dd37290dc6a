"""How work is shared out: one piece after the other, or side by side, as whoever asks for it says."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

Piece = TypeVar("Piece")
Done = TypeVar("Done")


class Work(Protocol):
    """Does every piece and yields what came of each, in any order."""

    def __call__(self, task: Callable[[Piece], Done], pieces: Sequence[Piece]) -> Iterable[Done]: ...


def in_turn(task: Callable[[Piece], Done], pieces: Sequence[Piece]) -> Iterator[Done]:
    """Do the pieces in this process, one after the other."""
    for piece in pieces:
        yield task(piece)
