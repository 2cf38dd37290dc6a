"""Pages over HTTP, from the program as it runs: how long they take, how many there are a second, and what each costs.

Time is taken by a load generator in a process of its own, over connections that stay open; its own processor time is
told beside the desk's. Queries are counted by asking once in this process.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.desk import Measured, signed_in
from bench.load import Effort, Job, Seen
from bench.program import Program
from bench.row import Row, percentiles
from bench.visits import Visit, visits
from upheld.notices.models import Notice, NoticeState
from upheld.tickets.models import Ticket

AT_ONCE = (1, 8, 32)
_LONGEST_WAIT = 120.0
_JUST_NOW = timedelta(seconds=5)


def run(measured: Measured, program: Program, effort: Effort, only: Sequence[str] = ()) -> Iterator[Row]:
    """Measure every page whose name begins with one of `only`, or all of them."""
    for visit in visits(measured):
        if not only or visit.name.startswith(tuple(only)):
            yield from _visited(visit, program, effort, measured.size)


def wait_until_idle() -> None:
    """Let the workers do what fell due since the desk was seeded: pages are measured on a desk that is up to date."""
    deadline = perf_counter() + _LONGEST_WAIT
    while perf_counter() < deadline:
        now = datetime.now(UTC)
        due = Ticket.objects.filter(wake_at__lte=now - _JUST_NOW)
        waiting = Notice.objects.filter(state=NoticeState.WAITING, next_try_at__lte=now - _JUST_NOW)
        if not due.exists() and not waiting.exists():
            return
        sleep(1)


def _visited(visit: Visit, program: Program, effort: Effort, size: int) -> Iterator[Row]:
    if visit.absent:
        yield Row("pages", visit.name, None, "ms", visit.keep, visit.absent, size)
        return
    status, queries = _counted(visit)
    if status != 200:
        yield Row("pages", visit.name, None, "ms", visit.keep, f"answered {status}", size)
        return
    yield Row("queries", visit.name, queries, "queries", visit.queries, size=size)
    requests = _requests(visit, program)
    for at_once in AT_ONCE:
        job = Job(
            *program.http,
            requests,
            at_once,
            seconds=effort.seconds,
            least=max(effort.least, at_once),
            unmeasured=min(len(requests), 8),
        )
        seen, spent = under_load(job, program)
        keep = visit.keep if at_once == 1 else ""
        yield row("pages", visit.name, at_once, seen, spent, keep=keep, note=visit.note, size=size)


def _counted(visit: Visit) -> tuple[int, int]:
    client = Client(SERVER_NAME="127.0.0.1")
    if visit.people:
        client.cookies["sessionid"] = signed_in(visit.people[0])
    path = visit.paths[0]
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
        return answer.status_code, len(asked)


def _requests(visit: Visit, program: Program) -> list[str]:
    """Everybody asks for every address, in an order in which neighbours differ in both."""
    cookies = [f"sessionid={signed_in(user)}" for user in visit.people] or [""]
    count = max(len(cookies), len(visit.paths))
    return [
        get(program, visit.paths[place % len(visit.paths)], cookies[place % len(cookies)])
        for place in range(count)
    ]


def get(program: Program, path: str, cookies: str) -> str:
    """A request for a page, as it goes over the wire."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {program.http[0]}:{program.http[1]}", "Accept: text/html"]
    if cookies:
        lines.append(f"Cookie: {cookies}")
    return "\r\n".join([*lines, "", ""])


def under_load(job: Job, program: Program) -> tuple[Seen, dict[str, float]]:
    """Do a job; return what the generator saw, and the processor time that each kind of process spent meanwhile."""
    watched = program.watched()
    before = watched.spent()
    command = [sys.executable, "-m", "bench.load"]
    told = json.dumps(asdict(job))
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(command, input=told, stdout=subprocess.PIPE, text=True, check=True, cwd=root)  # noqa: S603
    after = watched.spent()
    seen = Seen(**json.loads(done.stdout))
    return seen, {kind: after[kind] - before.get(kind, 0.0) for kind in after}


def row(
    family: str,
    name: str,
    at_once: int,
    seen: Seen,
    spent: dict[str, float],
    *,
    keep: str = "",
    note: str = "",
    size: int | None = None,
    fine: Sequence[int] = (200,),
) -> Row:
    """The row of one job: its p50, and beside it all that was measured with it."""
    p50, p95, p99 = percentiles(seen.taken)
    count = max(len(seen.taken), 1)
    refused = {status: times for status, times in seen.statuses.items() if int(status) not in fine}
    errors = sum(refused.values()) + len(seen.failures)
    if errors:
        said = [*(f"{times} × {status}" for status, times in refused.items()), *seen.failures[:1]]
        note = "; ".join([note, *said]).lstrip("; ")
    also = {
        "at_once": at_once,
        "p95": p95,
        "p99": p99,
        "a_second": len(seen.taken) / seen.wall if seen.wall else 0.0,
        "errors": errors,
        "requests": len(seen.taken),
        "kilobytes": seen.bytes / count / 1024,
        "web_ms": spent.get("web", 0.0) * 1000 / count,
        "postgres_ms": spent.get("postgres", 0.0) * 1000 / count,
        "generator_ms": seen.processor * 1000 / count,
    }
    return Row(
        family, f"{name}, {at_once} at once", p50 if seen.taken else None, "ms", keep, note, size, also
    )
