"""The plans of the statements behind each page: `python -m bench.plans [PAGE ...]` asks for each page once and explains
whatever it asked of PostgreSQL, with what was read and how long it took, into a file of bench/results/.

Two things are marked, and listed first: a whole large table that is read from end to end, and many rows that are read
to be thrown away. A statement that writes is not explained."""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.test import Client

from bench import report
from bench.row import Row

if TYPE_CHECKING:
    from bench.desk import Measured
    from bench.visits import Visit

_LARGE = 10_000
_THROWN_AWAY = 10_000
_READS = re.compile(r"[\s(]*(select|with)\b", re.IGNORECASE)
_WRITES = re.compile(r"\b(insert|update|delete)\b|pg_advisory|nextval|for update", re.IGNORECASE)
_WHOLE = re.compile(r"Seq Scan on (\w+)")
_REMOVED = re.compile(r"Rows Removed by (?:Filter|Index Recheck|Join Filter): (\d+)")
_LOOPS = re.compile(r"loops=(\d+)")
_TOOK = re.compile(r"(?:Planning|Execution) Time: ([\d.]+) ms")


@dataclass(slots=True)
class Plan:
    """One statement of a page, its plan, the milliseconds of planning and running it, and what is wrong with it."""

    statement: str
    text: str
    took: float
    marks: list[str] = field(default_factory=list)


def write(measured: "Measured", only: Sequence[str] = ()) -> Path:
    """Explain the pages whose names begin with one of `only`, or all; return the file."""
    from bench.visits import visits

    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, reltuples from pg_class where relkind = 'r' and reltuples > %s", [_LARGE]
        )
        large = dict(cursor.fetchall())
    chosen = [
        each for each in visits(measured) if not each.absent and each.name.startswith(tuple(only or [""]))
    ]
    found = {each.name: list(_plans(each, large)) for each in chosen}
    report.RESULTS.mkdir(exist_ok=True)
    path = report.RESULTS / f"plans-{datetime.now(UTC):%Y-%m-%dT%H%M%S}.txt"
    path.write_text("\n".join(_told(found, measured.size)) + "\n")
    return path


def run(measured: "Measured", only: Sequence[str]) -> Iterator[Row]:
    """The same within a run of measurements: how many statements are marked, and where the file lies."""
    path = write(measured, only)
    marked = next(line for line in path.read_text().splitlines() if "marked" in line)
    yield Row("plans", "statements marked", float(marked.split()[0]), "", note=path.name, size=measured.size)


def _plans(visit: "Visit", large: dict[str, float]) -> Iterator[Plan]:
    for sql, params in statements(visit):
        if _READS.match(sql) and not _WRITES.search(sql):
            yield _explained(sql, params, large)
        else:
            yield Plan(sql, "not explained: it writes", 0.0)


def statements(visit: "Visit") -> list[tuple[str, Any]]:
    """Return what a page asks of the database when it is opened for the second time."""
    from bench.desk import signed_in

    client = Client(SERVER_NAME="127.0.0.1")
    if visit.people:
        client.cookies["sessionid"] = signed_in(visit.people[0])
    client.get(visit.paths[0])
    with _heard() as heard:
        client.get(visit.paths[0])
    return heard


@contextmanager
def _heard() -> Iterator[list[tuple[str, Any]]]:
    heard: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many:
            heard.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield heard


def _explained(sql: str, params: Any, large: dict[str, float]) -> Plan:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, buffers) {sql}", params)
        text = "\n".join(line for (line,) in cursor.fetchall())
        transaction.set_rollback(True)
    took = sum(float(each[1]) for each in _TOOK.finditer(text))
    return Plan(sql, text, took, list(_marks(text, large)))


def _marks(text: str, large: dict[str, float]) -> Iterator[str]:
    loops = 1
    for line in text.splitlines():
        if (whole := _WHOLE.search(line)) and whole[1] in large and "never executed" not in line:
            yield f"reads all of {whole[1]} ({large[whole[1]]:,.0f} rows)"
        if found := _LOOPS.search(line):
            loops = int(found[1])
        if (removed := _REMOVED.search(line)) and int(removed[1]) * loops > _THROWN_AWAY:
            yield f"throws {int(removed[1]) * loops:,} rows away"


def _told(found: dict[str, list[Plan]], size: int) -> Iterator[str]:
    yield f"Plans at {size:,} tickets, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    marked = [(name, plan) for name, plans in found.items() for plan in plans if plan.marks]
    yield f"\n{len(marked)} statements are marked" + (":" if marked else ".")
    for name, plan in marked:
        yield f"  {name}: {'; '.join(plan.marks)} ({plan.took:.1f} ms)"
    for name, plans in found.items():
        yield f"\n\n=== {name}: {len(plans)} statements, {sum(each.took for each in plans):.1f} ms"
        for place, plan in enumerate(sorted(plans, key=lambda each: -each.took), start=1):
            yield f"\n--- {place}: {plan.took:.1f} ms"
            yield from (f"!!! {mark}" for mark in plan.marks)
            yield plan.statement
            yield plan.text


def main() -> None:
    from bench.__main__ import add_places, refuse_to_lose
    from bench.places import places

    parser = argparse.ArgumentParser(prog="python -m bench.plans", description=__doc__)
    parser.add_argument(
        "pages", nargs="*", help="pages whose names begin so, as in queue search; all without"
    )
    parser.add_argument(
        "--size", type=int, default=20_000, help="how many tickets are seeded, unless --reuse is said"
    )
    add_places(parser)
    options = parser.parse_args()
    refuse_to_lose(parser, options)
    with places(options.data_dir, keeps=options.keep_database or options.reuse) as found:
        import django

        django.setup()
        from bench import desk

        measured = desk.ready(found.server, options.size, reuse=options.reuse)
        path = write(measured, options.pages)
    lines = path.read_text().splitlines()
    print("\n".join(lines[: lines.index("", 2)]))  # noqa: T201
    print(f"Written to {path}")  # noqa: T201


if __name__ == "__main__":
    main()
