"""What grows with the desk: the figures of each size beside each other. `python -m bench.growth A.json B.json ...` puts
runs together that were made one size at a time."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from bench import report
from bench.row import Row

# More than that is not noise.
_GROWN = 2.0


def show(rows: Sequence[Row]) -> None:
    """Print one line a figure that was measured at several sizes; those that became twice as bad are marked."""
    compared = _compared(rows)
    sizes = sorted({size for found in compared.values() for size in found})
    if len(sizes) < 2:
        return
    table = Table(title=f"Growth, from {sizes[0]:,} to {sizes[-1]:,} tickets", title_justify="left")
    for heading in ("", "what", *(f"{size:,}" for size in sizes), "last / first", ""):
        table.add_column(heading, justify="left" if heading in ("", "what") else "right")
    for (family, what), found in compared.items():
        if len(found) > 1:
            figures = [
                report.figure(found[size].value, found[size].unit) if size in found else "" for size in sizes
            ]
            ratio = grown(found)
            said = "" if ratio is None else f"{ratio:.2f}"
            table.add_row(family, what, *figures, said, "GROWS" if _is_worse(found, ratio) else "")
    report.printed(table)


def grown(found: dict[int, Row]) -> float | None:
    """The figure at the largest size as a multiple of that at the smallest."""
    first, last = found[min(found)].value, found[max(found)].value
    return last / first if first and last is not None else None


def _is_worse(found: dict[int, Row], ratio: float | None) -> bool:
    if ratio is None:
        return False
    return ratio < 1 / _GROWN if found[min(found)].unit == "a second" else ratio > _GROWN


def _compared(rows: Sequence[Row]) -> dict[tuple[str, str], dict[int, Row]]:
    """The rows of a desk by what they tell and by its size; under load, those of one person at a time."""
    found: dict[tuple[str, str], dict[int, Row]] = {}
    for row in rows:
        if row.size is not None and row.value is not None and row.also.get("at_once", 1) == 1:
            found.setdefault((row.family, row.what), {})[row.size] = row
    return found


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    show([row for path in sys.argv[1:] for row in report.read(Path(path))])
