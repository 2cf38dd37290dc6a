"""Clocks that all fall due at one instant: one worker, then two side by side, on the same tickets."""

import multiprocessing
from collections.abc import Iterator
from datetime import datetime, timedelta
from time import perf_counter

from bench import due_worker
from bench.row import Row
from upheld.tickets.models import Ticket
from upheld.worker.clocks import Sweeper

_KEEP = "≥ 1,000 a worker"
_WORKERS = 2


def run(count: int) -> Iterator[Row]:
    """Sweep every ticket when it warns, with one worker, and again when it is breached, with two."""
    alone, first = _one_worker(_next_due())
    note = f"{first:,} due at one instant, story, standing, alerts and mails written"
    note = _left(note, count - first)
    yield Row("sweep", "due at one instant, one worker", alone, "a second", _KEEP, note, count)
    together, second = _two_workers(_next_due())
    note = f"the same, {together / alone:.2f} times one worker's"
    note = _left(note, count - second)
    yield Row("sweep", "due at one instant, two workers", together, "a second", "more than one", note, count)


def _left(note: str, missing: int) -> str:
    return f"{note}; {missing} NOT SWEPT" if missing else note


def _next_due() -> datetime:
    """The instant at which the next of them is due, with the half second that a sweep stays behind."""
    earliest = (
        Ticket.objects.filter(wake_at__isnull=False).order_by("wake_at").values_list("wake_at", flat=True)
    )
    instant = earliest.first()
    assert instant is not None  # noqa: S101 - they have just been made
    return instant + timedelta(seconds=1)


def _one_worker(at: datetime) -> tuple[float, int]:
    began = perf_counter()
    swept = Sweeper().sweep(at)
    return swept / (perf_counter() - began), swept


def _two_workers(at: datetime) -> tuple[float, int]:
    context = multiprocessing.get_context("spawn")
    with context.Pool(_WORKERS, initializer=due_worker.begin) as pool:
        # Their start is not counted: a worker has started long before anything is due.
        pool.map(due_worker.ready, range(_WORKERS * 4))
        began = perf_counter()
        swept = sum(pool.map(due_worker.sweep, [at] * _WORKERS, chunksize=1))
        return swept / (perf_counter() - began), swept
