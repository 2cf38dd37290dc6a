"""Load for measuring: many made-up tickets in a database of their own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import TaskID

    from upheld.lab.generator.seed import Progress


def add(app: typer.Typer) -> None:
    """Add `upheld bench ...`."""
    group = typer.Typer(help="Make load to measure with.", no_args_is_help=True)
    group.callback()(_group)
    group.command()(seed)
    group.command()(stories)
    group.command()(drop)
    app.add_typer(group, name="bench")


def _group() -> None:
    """Make load to measure with."""


def seed(
    tickets: Annotated[int, typer.Option(min=1, help="How many, such as 1_000_000.")] = 10_000,
    messages_per_ticket: Annotated[
        int, typer.Option(min=1, help="How many messages each has on average.")
    ] = 3,
    jobs: Annotated[
        int, typer.Option(min=0, help="How many processes share the work; one a processor, when left out.")
    ] = 0,
    source: Annotated[int, typer.Option(help="The same number makes the same tickets.")] = 1,
) -> None:
    """Fill the database upheld_bench, made afresh on the desk's server; the desk's own is left alone."""
    from upheld.config.running import database_running

    with database_running(typer.echo):
        _seed(tickets, messages_per_ticket, jobs, source)


def drop() -> None:
    """Take the database upheld_bench away again, and the files that its tickets name."""
    from upheld.config.running import database_running

    with database_running(typer.echo):
        import django

        django.setup()
        from upheld.lab.generator.database import NAME, drop_bench_database
        from upheld.lab.generator.files import remove_samples

        drop_bench_database()
        remove_samples()
        typer.echo(f"The database {NAME} is gone.")


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


def _seed(tickets: int, messages: int, jobs: int, source: int) -> None:
    from datetime import UTC, datetime
    from time import perf_counter

    import django

    django.setup()
    from upheld.config.side_by_side import processors, workers
    from upheld.lab.generator import seed as fill
    from upheld.lab.generator.database import use_bench_database
    from upheld.lab.generator.seed import hurry

    began = perf_counter()
    use_bench_database(afresh=True)
    jobs = jobs or processors()
    with _bars() as progress, workers(jobs, first=hurry) as work:
        fill(
            tickets,
            messages=messages,
            now=datetime.now(UTC),
            progress=progress,
            source=source,
            work=work,
        )
    typer.echo(_made(perf_counter() - began, jobs))


@contextmanager
def _bars() -> Iterator[Progress]:
    """A bar for each part of the work; where nobody watches, a line as each is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done, total=of)

        yield progress


def _made(seconds: float, jobs: int) -> str:
    """Say what there is now: how many rows, how fast they came, how much room they take."""
    from django.db import connection

    from upheld.lab.generator.database import NAME
    from upheld.tickets.models import Message, StoryEvent, Ticket

    tickets = Ticket.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("select pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    messages, lines = Message.objects.count(), StoryEvent.objects.count()
    return (
        f"{tickets:,} tickets, {messages:,} messages and {lines:,} lines of stories are in the database {NAME}: "
        f"{seconds:,.0f} s with {jobs} processes, {tickets / seconds:,.0f} tickets a second, "
        f"{size / 1_000_000_000:,.2f} GB on disk."
    )
