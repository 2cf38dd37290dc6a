"""Search as the queue page asks it: the first fifty rows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from bench.row import Row, percentiles
from upheld.lab.generator.words import Words
from upheld.people.models import Agent
from upheld.tickets.queries import QueueFilter, queue
from upheld.tickets.visibility import AgentViewer

_NONE = "zzyzxquuxfrob"


def run(size: str, times: int, source: int) -> Iterator[Row]:
    viewer = AgentViewer.of(Agent.objects.get(user__email="agent0@bench.example.com"))
    now = datetime.now(UTC)
    words = Words(Random(source)).vocabulary  # noqa: S311
    for name, text in {
        "no hit": _NONE,
        "rare": words[18_000],
        "common": words[10],
        "two words": f"{words[10]} {words[400]}",
    }.items():
        asked = QueueFilter(text=text, category="all")
        found = len(queue(viewer, asked, now).tickets)
        p50, p95 = percentiles(lambda asked=asked: queue(viewer, asked, now), times)
        yield Row("search", f"{name}, {size}, p50", p50, "ms", "≤ 60 ms", f"{found} rows")
        yield Row("search", f"{name}, {size}, p95", p95, "ms")
