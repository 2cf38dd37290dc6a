"""The demo: a desk full of made-up people and tickets, ready to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config import paths
from upheld.config.instant import present_instant
from upheld.config.lab_place import lab_of

if TYPE_CHECKING:
    from rich.progress import TaskID


def add(app: typer.Typer) -> None:
    """Add the demo."""
    app.command()(demo)


def demo(
    reset: Annotated[bool, typer.Option(help="Throw the demo's data away first.")] = False,
    load: Annotated[bool, typer.Option(hidden=True)] = False,
    announce: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Run a desk with made-up data, and print how to sign in. Nothing it sends leaves this machine."""
    if load:
        _load()
    elif announce:
        _announce()
    else:
        if reset:
            _reset()
        from upheld.config.running import Show, serve_desk

        show = Show(("demo", "--load"), ("demo", "--announce"), environ={"UPHELD_DEMO": "1"})
        serve_desk(say=typer.echo, show=show)


def _load() -> None:
    """Fill an empty database; a database that was filled before is left as it is."""
    from upheld.config.database import connection, is_filled_demo, note_schema

    with connection() as opened:
        if is_filled_demo(opened):
            return
        # Marked first: a demo that is interrupted while it is filled is still a demo.
        note_schema(opened, "demo")
        _fill()
        note_schema(opened, "demo", "filled")


def _fill() -> None:
    import django
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    django.setup()
    from upheld.lab.demo import load

    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as shown:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=total)
            shown.update(tasks[what], completed=done, total=total)

        load(progress, present_instant())


def _announce() -> None:
    import django

    django.setup()
    from upheld.lab.demo import announcement

    typer.echo(announcement())


def _reset() -> None:
    """Throw the demo's data away. A lab beside it is no part of it."""
    from upheld.config.clearing import clear
    from upheld.config.database import is_demo

    data_dir = paths.data_dir()
    clear(data_dir, is_demo, say=typer.echo, keep=[lab_of(data_dir)])
    typer.echo("The demo's data is gone.")
