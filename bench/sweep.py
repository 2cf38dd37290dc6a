"""Due clocks: how many tickets a second one worker settles when many are due at once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter

from bench.row import Row
from upheld.tickets.models import Ticket
from upheld.worker.clocks import Sweeper


def run(size: str) -> Iterator[Row]:
    later = datetime.now(UTC) + timedelta(days=60)
    due = Ticket.objects.filter(wake_at__lte=later).count()
    began = perf_counter()
    settled = Sweeper().sweep(later)
    taken = perf_counter() - began
    left = Ticket.objects.filter(wake_at__lte=later).count()
    note = f"{due} due at once, notices written too" + (f"; {left} LEFT DUE" if left else "")
    yield Row("sweep", f"due clocks swept, {size}", settled / taken, "a second", "≥ 1,000 a worker", note)
