"""How many streams are open in this process, for the metrics."""

from collections.abc import Iterator
from contextlib import contextmanager

_open = 0


def how_many() -> int:
    """Return how many streams are open."""
    return _open


@contextmanager
def counted() -> Iterator[None]:
    """Count one more for as long as it is open."""
    global _open
    _open += 1
    try:
        yield
    finally:
        _open -= 1
