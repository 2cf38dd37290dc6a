"""Two runs side by side: `python -m bench.compare A.json B.json`."""

import sys
from pathlib import Path

from rich.table import Table

from bench import report
from bench.row import Row


def main(first: Path, second: Path) -> None:
    before, after = _rows(first), _rows(second)
    table = Table(title=f"{first.name} and {second.name}", title_justify="left")
    for heading in ("", "what", "tickets", "first", "second", "second / first"):
        table.add_column(heading, justify="left" if heading in ("", "what") else "right")
    for key in before | after:
        old, new = before.get(key), after.get(key)
        unit = next(each.unit for each in (new, old) if each)
        values = [each.value if each else None for each in (old, new)]
        ratio = f"{values[1] / values[0]:.2f}" if values[0] and values[1] is not None else ""
        family, what, size = key
        shown = [report.figure(value, unit) for value in values]
        table.add_row(family, what, f"{size:,}" if size else "", *shown, ratio)
    report.printed(table)


def _rows(path: Path) -> dict[tuple[str, str, int | None], Row]:
    return {(row.family, row.what, row.size): row for row in report.read(path)}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
