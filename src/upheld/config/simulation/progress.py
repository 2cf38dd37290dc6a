"""How far a simulation has come: a bar on standard error, for somebody who watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from upheld.policy.simulation import Tally

Done = Callable[[int, Tally], None]


@contextmanager
def progress_bar(total: int | None) -> Iterator[Done]:
    """Show a bar that `total` fills; None for as much as comes. Into a file or a pipe nothing is written."""
    console = Console(stderr=True)
    columns = (
        TextColumn("Simulating"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[stories]:,} stories"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task("", total=total, stories=0)

        def done(weight: int, tally: Tally) -> None:
            bars.update(task, advance=weight, stories=tally.seen)

        yield done
