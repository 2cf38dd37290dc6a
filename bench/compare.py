"""Two runs side by side: `python -m bench.compare A.json B.json`."""

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.report import figure


def main(first: Path, second: Path) -> None:
    before, after = _rows(first), _rows(second)
    table = Table(title=f"{first.name} and {second.name}", title_justify="left")
    for heading in ("", "what", "first", "second", "second / first"):
        table.add_column(heading, justify="left" if heading in ("", "what") else "right")
    for key in before | after:
        old, new = before.get(key), after.get(key)
        unit = (new or old or {})["unit"]
        values = [each["value"] if each else None for each in (old, new)]
        ratio = f"{values[1] / values[0]:.2f}" if all(values) else ""
        table.add_row(*key, figure(values[0], unit), figure(values[1], unit), ratio)
    Console().print(table)


def _rows(path: Path) -> dict[tuple[str, str], dict[str, object]]:
    return {(row["family"], row["what"]): row for row in json.loads(path.read_text())["rows"]}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
