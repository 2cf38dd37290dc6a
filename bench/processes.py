"""Start-up times and the memory of all processes of an idle demo; then mail through the same processes."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep

from bench import mail
from bench.processor import told
from bench.program import NotStarted, Program, running
from bench.row import Row

_SETTLE = 20.0


def run(data_dir: Path, database_url: str, mails: int) -> Iterator[Row]:
    log = data_dir.with_suffix(".log")
    try:
        with running("demo", data_dir, database_url, log=log) as first:
            what = "first start: database, schema, demo data, page"
            yield Row("start", what, first.started_in, "s")
        with running("demo", data_dir, database_url, log=log) as demo:
            yield Row("start", "every later start, to the first page", demo.started_in, "s", "≤ 5 s")
            sleep(_SETTLE)
            yield _idle(demo)
            yield memory(demo, "all processes, idle demo, PSS", keep="≤ 450")
            yield from mail.run(demo, mails)
            yield memory(demo, f"all processes after {mails:,} mails, PSS")
    except NotStarted as reason:
        yield Row("start", "demo", None, "s", note=str(reason))


def _idle(demo: Program) -> Row:
    """What a desk costs on which nothing happens."""
    watched = demo.watched()
    before, began = watched.spent(), perf_counter()
    sleep(_SETTLE)
    taken = perf_counter() - began
    spent = {
        kind: 1000 * (seconds - before.get(kind, 0.0)) / taken for kind, seconds in watched.spent().items()
    }
    return Row("idle", "processor time of an idle demo", sum(spent.values()), "ms a second", note=told(spent))


def memory(program: Program, what: str, *, keep: str = "", size: int | None = None) -> Row:
    """The memory of all processes together, PostgreSQL's included where that can be seen."""
    found = program.watched().memory()
    missing = "" if "postgres" in found else " (PostgreSQL not counted: it is not on this machine)"
    return Row("memory", what, sum(found.values()), "MB", keep, told(found) + missing, size)
