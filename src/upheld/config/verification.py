"""Verifies all tickets in several processes at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from upheld.config.side_by_side import workers

if TYPE_CHECKING:
    from upheld.tickets.verifying import Part, Tally

# Between two looks at a database at work, others come first.
_NICE = 10


def verify_parts(parts: Sequence[Part], jobs: int, done: Callable[[Tally], None]) -> None:
    """Verify every part and hand `done` what came of each, in any order."""
    from upheld.tickets.verifying import verify_part

    if jobs == 1 or len(parts) == 1:
        for part in parts:
            done(verify_part(part))
        return
    with workers(jobs, nice=_NICE) as work:
        for tally in work(verify_part, parts):
            done(tally)
