"""Verifies all tickets in several processes at once, each with a connection of its own."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from upheld.config.child import die_with_parent
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.tickets.verifying import Part, Tally

# Between two looks at a database at work, others come first.
_NICE = 10


def verify_parts(parts: Sequence[Part], jobs: int, done: Callable[[Tally], None]) -> None:
    """Verify every part and hand `done` what came of each, in any order."""
    for tally in _one_by_one(parts) if jobs == 1 or len(parts) == 1 else _side_by_side(parts, jobs):
        done(tally)


def _one_by_one(parts: Sequence[Part]) -> Iterator[Tally]:
    from upheld.tickets.verifying import verify_part

    for part in parts:
        yield verify_part(part)


def _side_by_side(parts: Sequence[Part], jobs: int) -> Iterator[Tally]:
    pool = ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(os.getpid(),)
    )
    try:
        for future in as_completed([pool.submit(_look_at, part) for part in parts]):
            yield future.result()
    except BrokenProcessPool:
        raise Trouble(
            "A process of the verification was ended from outside.",
            "If the machine is short of memory, try with fewer --jobs.",
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(parent: int) -> None:
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)
    os.nice(_NICE)
    import django

    django.setup()


def _look_at(part: Part) -> Tally:
    from upheld.tickets.verifying import verify_part

    return verify_part(part)
