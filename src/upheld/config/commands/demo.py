"""The demo: a desk full of made-up people and tickets, ready to be looked at."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config import paths
from upheld.config.trouble import Trouble

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
        from upheld.config.running import serve_desk

        serve_desk(say=typer.echo, demo=True)


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

        load(progress, datetime.now(UTC))


def _announce() -> None:
    import django

    django.setup()
    from upheld.lab.demo import announcement

    typer.echo(announcement())


def _reset() -> None:
    """Remove the data directory's contents, once the database in it has proved to be a demo's."""
    from upheld.config.cluster import Place
    from upheld.config.embedded import EmbeddedPostgres

    data_dir = paths.data_dir()
    if os.environ.get("UPHELD_DATABASE_URL"):
        raise Trouble(
            "--reset clears only Upheld's own PostgreSQL.", "Drop the database that you gave yourself."
        )
    place = Place.of(data_dir)
    if place.cluster.exists():
        with EmbeddedPostgres(data_dir, say=typer.echo):
            _require_demo(data_dir)
        shutil.rmtree(place.cluster)
    for path in data_dir.iterdir() if data_dir.exists() else ():
        if path.name.endswith(".lock"):
            continue
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    typer.echo("The demo's data is gone.")


def _require_demo(data_dir: Path) -> None:
    from upheld.config.database import connection, holds_desk, is_demo

    with connection() as opened:
        if holds_desk(opened) and not is_demo(opened):
            raise Trouble(
                f"The database in {data_dir} holds a real desk.",
                "Remove the directory yourself if you are sure.",
            )
