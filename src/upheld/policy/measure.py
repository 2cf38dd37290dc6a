"""Ways of counting time, in integers of microseconds since 1970."""

from collections.abc import Iterator
from typing import Protocol


class Measure(Protocol):
    """A calendar's timeline, or elapsed time."""

    def add(self, start: int, amount: int) -> int:
        """Return the earliest t >= start with between(start, t) >= amount."""

    def between(self, start: int, end: int) -> int:
        """Return the time that counts from start to end."""

    def is_open(self, at: int) -> bool:
        """Whether time counts at this instant."""

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Return the stretches of [start, end) that count."""


class Elapsed:
    """Time as it passes, around the clock."""

    def add(self, start: int, amount: int) -> int:
        """Return start plus amount."""
        return start + amount

    def between(self, start: int, end: int) -> int:
        """Return end minus start."""
        return end - start

    def is_open(self, at: int) -> bool:
        """Elapsed time always counts."""
        return True

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Return the one stretch from start to end."""
        if start < end:
            yield start, end


ELAPSED = Elapsed()
