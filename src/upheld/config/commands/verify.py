"""`upheld verify`: every story replayed, and compared with what is stored."""

from __future__ import annotations

import os
from contextlib import contextmanager
from secrets import token_hex
from typing import TYPE_CHECKING, Annotated, Any

import typer

from upheld.config.instant import present_instant
from upheld.config.side_by_side import processors
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from upheld.tickets.models import Verification
    from upheld.tickets.verifying import Part, Tally

MOST_LISTED = 10_000
_COUNTED = {
    "tickets": "Tickets",
    "events": "Lines of stories",
    "clocks": "Clocks and their ledgers",
    "verdicts": "Verdicts",
    "effects": "Consequences",
    "notices": "Notices",
    "results": "Rows that figures are counted from",
}


def add(app: typer.Typer) -> None:
    """Add `upheld verify`."""
    app.command()(verify)


def verify(
    desk: Annotated[str, typer.Option(help="The desk's short name; all desks, when left out.")] = "",
    ticket: Annotated[str, typer.Option(help="The number of one ticket; all, when left out.")] = "",
    listed: Annotated[
        int, typer.Option("--list", min=0, max=MOST_LISTED, help="How many differences are listed.")
    ] = 20,
    jobs: Annotated[
        int, typer.Option(min=0, help="How many processes work side by side; one a processor, when left out.")
    ] = 0,
    sample: Annotated[
        int, typer.Option(min=0, help="How many tickets of each desk, taken at random; all, when left out.")
    ] = 0,
    seed: Annotated[
        str, typer.Option(help="Makes the same sample again: it is told with each one.", show_default=False)
    ] = "",
    bench: Annotated[
        bool, typer.Option("--bench", help="Look at the database that `upheld bench seed` fills.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: JSON instead of tables.")] = False,
    run: Annotated[int, typer.Option(hidden=True)] = 0,
) -> None:
    """Replay every story and compare what comes of it with what is stored: standings, verdicts, effects, notices, and
    whether each ledger tiles the time. Changes nothing. Exits with 1 when something differs."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        import django

        django.setup()
        if run:
            _ordered(run)
            return
        if bench:
            _turn_to_bench()
        tally = _of_one(ticket) if ticket else _of_desks(desk, jobs or processors(), sample, seed)
    if as_json:
        _print_json(tally, listed)
    else:
        _print(tally, listed)
    if tally.found:
        raise typer.Exit(1)


def _of_one(number: str) -> Tally:
    from upheld.tickets.models import Ticket
    from upheld.tickets.verifying import parts

    found = Ticket.objects.filter(number=number.strip().upper()).values_list("desk_id", "pk").first()
    if found is None:
        raise Trouble(f"There is no ticket {number}.", "Numbers look like SDS-1024.")
    desk_id, only = found
    return _verified(parts(desk_id, only=only), jobs=1)


def _of_desks(slug: str, jobs: int, size: int, seed: str) -> Tally:
    """Verify one desk or all of them, and keep what came of it, so that administrators see it too; a sample is told
    here alone, since it speaks of some tickets only."""
    from upheld.config.commands.selecting import acting_person, chosen_desk
    from upheld.desks.models import Desk
    from upheld.tickets.models import Verification
    from upheld.tickets.verifying import Tally, finish, parts, sample

    tally = Tally()
    seed = seed or (token_hex(4) if size else "")
    for desk in [chosen_desk(slug)] if slug else list(Desk.objects.order_by("slug")):
        if size:
            tally.add(_verified(sample(desk.pk, size, seed), jobs, of=desk.slug))
            continue
        run = Verification(by=acting_person(), started_at=present_instant(), desk=desk)
        part = _verified(parts(desk.pk), jobs, of=desk.slug)
        run.save()
        finish(run, part, present_instant())
        tally.add(part)
    if size:
        typer.echo(f"A sample of up to {size:,} tickets a desk; the same again: --seed {seed}", err=True)
    return tally


def _turn_to_bench() -> None:
    from upheld.lab.generator.database import NAME, is_there, use_bench_database

    if not is_there():
        raise Trouble(f"There is no database {NAME}.", "Make it with `upheld bench seed`.")
    use_bench_database(afresh=False)


def _verified(wanted: list[Part], jobs: int, of: str = "") -> Tally:
    from upheld.config.verification import verify_parts
    from upheld.tickets.verifying import Tally

    tally = Tally()
    with _progress_bar(len(wanted), of) as advance:

        def done(part: Tally) -> None:
            tally.add(part)
            advance(tally)

        verify_parts(wanted, jobs, done)
    tally.found.sort(key=lambda each: each[0])
    return tally


def _ordered(run_id: int) -> None:
    """Do a run that somebody ordered, unless another process verifies: slowly, since the desk is at work."""
    from upheld.tickets.models import Verification
    from upheld.tickets.verifying import finish, only_one, parts

    with only_one() as alone:
        row: Verification | None = Verification.objects.filter(pk=run_id, ended_at=None).first()
        if not alone or row is None:
            return
        os.nice(10)
        tally = _verified(parts(row.desk_id), jobs=1)
        finish(row, tally, present_instant())


@contextmanager
def _progress_bar(total: int, of: str) -> Iterator[Callable[[Tally], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn(f"Verifying {of}".strip()),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[tickets]:,} tickets, {task.fields[found]:,} differences"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task("", total=total, tickets=0, found=0)

        def advance(tally: Tally) -> None:
            bars.update(task, advance=1, tickets=_count(tally, "tickets"), found=len(tally.found))

        yield advance


def _print(tally: Tally, listed: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    counts = Table(show_edge=False, show_header=False)
    counts.add_column()
    counts.add_column(justify="right")
    for name, told in _COUNTED.items():
        counts.add_row(told, f"{_count(tally, name):,}")
    counts.add_row("Differences", f"{len(tally.found):,}")
    console.print(counts)
    if not tally.found:
        console.print("Everything is as its story makes it.")
        return
    table = Table("Ticket", "What", "Stored", "Replayed", show_edge=False)
    for _, number, each in tally.found[:listed]:
        table.add_row(*(Text(text[:300]) for text in (number, each.what, each.stored, each.replayed)))
    if listed:
        console.print(table)
    if len(tally.found) > listed:
        console.print(f"... and {len(tally.found) - listed:,} more; --list says how many are listed.")


def _print_json(tally: Tally, listed: int) -> None:
    import json

    found: list[dict[str, Any]] = [
        {"ticket": number, "what": each.what, "stored": each.stored, "replayed": each.replayed}
        for _, number, each in tally.found[:listed]
    ]
    counts = {name: _count(tally, name) for name in _COUNTED}
    typer.echo(json.dumps({"counts": counts, "differences": len(tally.found), "found": found}, indent=2))


def _count(tally: Tally, name: str) -> int:
    """Whoever may run commands owns the machine: to them restricted tickets count as others."""
    return tally.counts[name] + tally.restricted[name]
