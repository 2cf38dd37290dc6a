"""What a backup or a restore is at, in one line: a moving one on a terminal, else one when each step is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from upheld.config.backups.archive import Advance

_OFTEN = 0.2


class Steps:
    """Tells of steps, one after the other. `moving` says that a line may be written over."""

    def __init__(self, say: Callable[[str], None], moving: Callable[[str], None] | None = None) -> None:
        self.say = say
        self._moving = moving

    @contextmanager
    def step(self, name: str) -> Iterator[Advance]:
        """One step; what it has to show for itself is counted in bytes."""
        began, size, shown = time.monotonic(), 0, 0.0

        def advance(more: int) -> None:
            nonlocal size, shown
            size += more
            if self._moving and (now := time.monotonic()) - shown > _OFTEN:
                shown = now
                self._moving(f"{name} ... {bytes_told(size)}")

        if self._moving:
            self._moving(f"{name} ...")
        yield advance
        took = time.monotonic() - began
        self.say(f"{name}: {bytes_told(size) + ' in ' if size else ''}{took:.1f} s")


def bytes_told(size: float) -> str:
    """A size as people read it."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
