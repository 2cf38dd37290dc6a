"""Looks at stories in several processes at once. They know policies and nothing else: no Django, no database."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Any, NamedTuple

from upheld.config.child import die_with_parent
from upheld.config.simulation.chunks import Chunk
from upheld.config.trouble import Trouble
from upheld.policy import InForce, Mode, from_frozen
from upheld.policy.simulation import (
    LISTED,
    Against,
    Line,
    PastStory,
    Renames,
    Tally,
    past_story,
    simulate,
)

# So many chunks a process lie ready: enough that none waits, few enough that memory stays as it is.
_AHEAD = 2

Frozen = Mapping[str, Any]


class Version(NamedTuple):
    """A version of a desk's policy, and since when it took over which tickets, if it did."""

    frozen: Frozen
    since: datetime
    mode: Mode

    def compiled(self) -> InForce:
        """Return it ready to run."""
        return InForce(from_frozen(self.frozen), self.since, self.mode)


@dataclass(frozen=True, slots=True)
class Task:
    """What every process has to know: the policies, frozen. Stories are compared with what `against` makes of them, or
    with those of `versions` under which they lived, or with nothing."""

    policy: Frozen
    against: Frozen | None = None
    versions: Mapping[int, Version] | None = None
    at: datetime | None = None
    renames: Renames = field(default_factory=Renames)
    keep: int = LISTED

    def compared(self) -> Against:
        """Return what stories are compared with, compiled."""
        if self.versions is not None:
            return {id: each.compiled() for id, each in self.versions.items()}
        return None if self.against is None else from_frozen(self.against)


class Bench:
    """Looks at one chunk after the other."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._policy, self._against = from_frozen(task.policy), task.compared()

    def look_at(self, items: tuple[Line, ...] | tuple[PastStory, ...]) -> Tally:
        """Return the tally of some stories."""
        stories = (past_story(each) if isinstance(each, Line) else each for each in items)
        task = self._task
        return simulate(self._policy, self._against, stories, task.at, renames=task.renames, keep=task.keep)


def run(
    task: Task, chunks: Iterator[Chunk], jobs: int, done: Callable[[int, Tally], None]
) -> tuple[Tally, bool]:
    """Return the tally of all chunks, and whether it is of all: Ctrl-C ends it before, with the first of them counted.

    `done` is told the weight of each chunk that was counted, and the tally so far.
    """
    tally = Tally(keep=task.keep)
    try:
        for weight, part in _parts(task, chunks, jobs):
            tally = tally + part
            done(weight, tally)
    except KeyboardInterrupt:
        return tally, False
    return tally, True


def _parts(task: Task, chunks: Iterator[Chunk], jobs: int) -> Iterator[tuple[int, Tally]]:
    """Yield the tallies in the order of the chunks."""
    start = list(islice(chunks, 2))
    everything = chain(start, chunks)
    if jobs > 1 and len(start) > 1:
        yield from _side_by_side(task, everything, jobs)
        return
    bench = Bench(task)
    for chunk in everything:
        yield chunk.weight, bench.look_at(chunk.items)


def _side_by_side(task: Task, chunks: Iterator[Chunk], jobs: int) -> Iterator[tuple[int, Tally]]:
    pool = ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(task, os.getpid())
    )
    try:
        under_way: deque[tuple[int, Future[Tally]]] = deque()
        for chunk in chunks:
            with _interrupted_later():
                under_way.append((chunk.weight, pool.submit(_look_at, chunk.items)))
            if len(under_way) >= jobs * _AHEAD:
                yield _first_of(under_way)
        while under_way:
            yield _first_of(under_way)
    except BrokenProcessPool:
        raise Trouble(
            "A process of the simulation was ended from outside.",
            "If the machine is short of memory, try with fewer --jobs.",
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _first_of(under_way: deque[tuple[int, Future[Tally]]]) -> tuple[int, Tally]:
    weight, future = under_way[0]
    part = future.result()
    under_way.popleft()
    return weight, part


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Hold Ctrl-C back for a moment. A process that starts meanwhile never hears it: it ends when we do."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_bench: list[Bench] = []


def _begin(task: Task, parent: int) -> None:
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)
    _bench[:] = [Bench(task)]


def _look_at(items: tuple[Line, ...] | tuple[PastStory, ...]) -> Tally:
    return _bench[0].look_at(items)
