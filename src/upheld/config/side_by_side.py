"""Work that is shared out to several processes, each with a connection of its own to the same database."""

from __future__ import annotations

import multiprocessing
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

from upheld.config.child import die_with_parent
from upheld.config.trouble import Trouble

Piece = TypeVar("Piece")
Done = TypeVar("Done")


class Workers:
    """Processes that do what they are given; they end with the one that made them."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def __call__(self, task: Callable[[Piece], Done], pieces: Sequence[Piece]) -> Iterator[Done]:
        """Do every piece, and yield what came of each as it is done."""
        try:
            for future in as_completed([self._pool.submit(task, piece) for piece in pieces]):
                yield future.result()
        except BrokenProcessPool:
            raise Trouble(
                "One of the processes that share the work was ended from outside.",
                "If the machine is short of memory, try with fewer --jobs.",
            ) from None


@contextmanager
def workers(jobs: int, *, first: Callable[[], None] | None = None, nice: int = 0) -> Iterator[Workers]:
    """So many processes, on the database to which this one is connected. Each does `first` before anything else;
    `nice` is by how much others come before them."""
    from django.db import connection

    spawn = multiprocessing.get_context("spawn")
    # What knows Django can be read only once that is set up.
    asked = (os.getpid(), connection.settings_dict["NAME"], pickle.dumps(first), nice)
    pool = ProcessPoolExecutor(jobs, spawn, initializer=_begin, initargs=asked)
    try:
        yield Workers(pool)
    finally:
        pool.shutdown(cancel_futures=True)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin(parent: int, database: str, first: bytes, nice: int) -> None:
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)
    os.nice(nice)
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    if (begin := pickle.loads(first)) is not None:  # noqa: S301 - from our own parent
        begin()
