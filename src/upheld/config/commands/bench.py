"""Load for measuring: many made-up tickets in a database of their own."""

from __future__ import annotations

from typing import Annotated

import typer


def add(app: typer.Typer) -> None:
    """Add `upheld bench ...`."""
    group = typer.Typer(help="Make load to measure with.", no_args_is_help=True)
    group.callback()(_group)
    group.command()(seed)
    group.command()(stories)
    app.add_typer(group, name="bench")


def _group() -> None:
    """Make load to measure with."""


def seed(
    tickets: Annotated[int, typer.Option(min=1, help="How many tickets.")] = 10_000,
    messages_per_ticket: Annotated[int, typer.Option(min=1, help="How many messages each has.")] = 3,
) -> None:
    """Fill the database upheld_bench, made afresh on the desk's server; the desk's own is left alone."""
    from upheld.config.running import database_running

    with database_running(typer.echo):
        _seed(tickets, messages_per_ticket)


def stories(
    tickets: Annotated[int, typer.Option(min=1, help="How many stories.")] = 100_000,
) -> None:
    """Print made-up stories, one in JSON on each line, as `upheld policy simulate --stories` reads them."""
    import json
    from datetime import UTC, datetime

    import django

    django.setup()
    from upheld.lab.generator.past_stories import past_stories

    for story in past_stories(tickets, datetime.now(UTC)):
        typer.echo(json.dumps(story))


def _seed(tickets: int, messages: int) -> None:
    from datetime import UTC, datetime

    import django
    from rich.progress import Progress

    django.setup()
    from upheld.lab.generator import seed as fill
    from upheld.lab.generator.database import NAME, use_bench_database

    use_bench_database(afresh=True)
    with Progress() as bars:
        tasks: dict[str, int] = {}

        def progress(what: str, done: int, of: int) -> None:
            task = tasks.setdefault(what, -1)
            if task < 0:
                task = tasks[what] = bars.add_task(what, total=of)
            bars.update(task, completed=done)  # type: ignore[arg-type]

        fill(tickets, messages=messages, now=datetime.now(UTC), progress=progress)
    typer.echo(f"{tickets} tickets are in the database {NAME}.")
