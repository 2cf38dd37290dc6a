"""Due clocks: how many tickets a second one worker settles when many are due, and what a look costs that finds none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter

from bench.row import Row, milliseconds, percentiles
from upheld.tickets.models import Ticket
from upheld.worker.clocks import Sweeper

_AHEAD = timedelta(days=60)
_LONG_AGO = timedelta(days=3650)


def look(size: int, times: int) -> Iterator[Row]:
    """A sweep that finds nothing due, as it is done every second; it changes nothing."""
    now = datetime.now(UTC) - _LONG_AGO
    p50, _, _ = percentiles(milliseconds(lambda: Sweeper().sweep(now), times))
    yield Row("sweep", "a look that finds nothing due", p50, "ms", size=size)


def run(size: int) -> Iterator[Row]:
    """Settle whatever is due within two months, which changes every open ticket."""
    later = datetime.now(UTC) + _AHEAD
    due = Ticket.objects.filter(wake_at__lte=later).count()
    began = perf_counter()
    settled = Sweeper().sweep(later)
    taken = perf_counter() - began
    left = Ticket.objects.filter(wake_at__lte=later).count()
    note = f"{due:,} due at once, notices written too" + (f"; {left} LEFT DUE" if left else "")
    yield Row("sweep", "due clocks swept", settled / taken, "a second", "≥ 1,000 a worker", note, size)
