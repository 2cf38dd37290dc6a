"""The figures of a month, asked for directly: the latest whole one, over all tickets."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bench.desk import Measured
from bench.row import Row, milliseconds, percentiles
from upheld.insight.compliance import month_figures
from upheld.insight.figures import Scope


def run(measured: Measured, times: int) -> Iterator[Row]:
    now = datetime.now(UTC)
    end = now.astimezone(ZoneInfo(measured.desk.zone)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    start = (end.replace(year=end.year - 1, month=12)) if end.month == 1 else end.replace(month=end.month - 1)

    def figures() -> int:
        return month_figures(measured.desk, start, end, now, scope=Scope.whole, viewer=None).tickets

    p50, p95, p99 = percentiles(milliseconds(figures, min(times, 20)))
    also = {"p95": p95, "p99": p99}
    note = f"{figures():,} tickets in {start:%B %Y}"
    yield Row("compliance", "figures of a month", p50, "ms", "≤ 300 ms", note, measured.size, also)
