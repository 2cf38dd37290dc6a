"""A run's rows as a table and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.row import Row

RESULTS = Path(__file__).parent / "results"


def show(rows: Sequence[Row]) -> None:
    table = Table(title="Upheld, measured on this machine", title_justify="left")
    for heading in ("", "what", "measured", "to keep", "note"):
        table.add_column(heading, justify="right" if heading == "measured" else "left")
    family = ""
    for row in rows:
        if row.family != family:
            table.add_section()
        table.add_row(
            row.family if row.family != family else "",
            row.what,
            figure(row.value, row.unit),
            row.keep,
            row.note,
        )
        family = row.family
    console = Console()
    (console if console.is_terminal else Console(width=140)).print(table)


def figure(value: float | None, unit: str) -> str:
    if value is None:
        return "not measured"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def keep(rows: Sequence[Row], machine: dict[str, object], at: datetime) -> Path:
    """Write the run to a file of its own and return it."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"local-{at:%Y-%m-%dT%H%M%S}.json"
    content = {"at": at.isoformat(), "machine": machine, "rows": [asdict(row) for row in rows]}
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return path
