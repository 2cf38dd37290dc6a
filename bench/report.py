"""A run's rows as tables and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.row import Row

RESULTS = Path(__file__).parent / "results"
_WIDTH = 160


def show(rows: Sequence[Row]) -> None:
    """Print what was measured: single figures, then whatever was asked of the pages under load."""
    loaded = [row for row in rows if "at_once" in row.also]
    single = [row for row in rows if "at_once" not in row.also]
    if single:
        printed(_figures(single))
    if loaded:
        printed(_under_load(loaded))


def printed(table: Table) -> None:
    """Print a table, wide where nobody's terminal says how wide."""
    console = Console()
    (console if console.is_terminal else Console(width=_WIDTH)).print(table)


def _figures(rows: Sequence[Row]) -> Table:
    table = Table(title="Upheld, measured on this machine", title_justify="left")
    for heading in ("", "what", "tickets", "measured", "to keep", "of it", "note"):
        right = heading in ("tickets", "measured", "of it")
        table.add_column(
            heading, justify="right" if right else "left", no_wrap=heading not in ("what", "note")
        )
    family = ""
    for row in sorted(rows, key=lambda each: (_place(each.family, rows), each.size or 0)):
        if row.family != family:
            table.add_section()
        head = row.family if row.family != family else ""
        table.add_row(head, row.what, _size(row), figure(row.value, row.unit), row.keep, of_it(row), row.note)
        family = row.family
    return table


def _under_load(rows: Sequence[Row]) -> Table:
    table = Table(
        title="Pages over HTTP, milliseconds: how long an answer takes, and the processor time that one costs",
        title_justify="left",
    )
    left = ("page", "to keep", "note")
    headings = ("page", "tickets", "at once", "p50", "p95", "p99", "a second", "errors")
    for heading in (*headings, "web", "postgres", "generator", "to keep", "of it", "note"):
        table.add_column(heading, justify="left" if heading in left else "right", no_wrap=heading != "note")
    before = ("", 0)
    for row in rows:
        name = row.what.rpartition(", ")[0]
        now = (name, row.size or 0)
        if now != before:
            table.add_section()
        also = row.also
        table.add_row(
            *((name, _size(row)) if now != before else ("", "")),
            f"{also['at_once']:.0f}",
            *(_short(each) for each in (row.value, also["p95"], also["p99"], also["a_second"])),
            f"{also['errors']:.0f}" if also["errors"] else "",
            *(_short(also[each]) for each in ("web_ms", "postgres_ms", "generator_ms")),
            row.keep,
            of_it(row),
            row.note,
        )
        before = now
    return table


def figure(value: float | None, unit: str) -> str:
    """A value as it is read."""
    if value is None:
        return "not measured"
    return f"{value:.0f} {unit}" if unit == "queries" else f"{_short(value)} {unit}"


def of_it(row: Row) -> str:
    """The figure as a multiple of the one to keep, and whether that is kept."""
    if row.ratio is None:
        return ""
    return f"{row.ratio:.2f} {'kept' if row.is_kept else 'MISSED'}"


def keep(rows: Sequence[Row], machine: dict[str, object], at: datetime) -> Path:
    """Write the run to a file of its own and return it."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"local-{at:%Y-%m-%dT%H%M%S}.json"
    told = [asdict(row) | {"ratio": row.ratio, "is_kept": row.is_kept} for row in rows]
    content = {"at": at.isoformat(), "machine": machine, "rows": told}
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return path


def read(path: Path) -> list[Row]:
    """Return the rows of a run that was kept."""
    known = Row.__dataclass_fields__
    rows = json.loads(path.read_text())["rows"]
    return [Row(**{name: value for name, value in row.items() if name in known}) for row in rows]


def _short(value: float | None) -> str:
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def _size(row: Row) -> str:
    return f"{row.size:,}" if row.size else ""


def _place(family: str, rows: Sequence[Row]) -> int:
    return next(place for place, row in enumerate(rows) if row.family == family)
