"""Customers from tables: `upheld customers import|template`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.instant import present_instant
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.people.importing import Plan, Sheet

MOST_TOLD = 200


def add(app: typer.Typer) -> None:
    """Add `upheld customers ...`."""
    group = typer.Typer(help="Bring in customers and their contracts.", no_args_is_help=True)
    group.command("import")(import_file)
    group.command()(template)
    app.add_typer(group, name="customers")


def import_file(
    file: Annotated[Path, typer.Argument(help="A CSV file of organizations, contacts or contracts.")],
    desk: Annotated[
        str, typer.Option(help="The desk's short name; may be left out when there is one desk.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what it would add and change.")
    ] = False,
) -> None:
    """Import a table: all of it, or nothing. Importing it twice changes nothing."""
    data = _read(file)
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        import django

        django.setup()
        from upheld.config.commands.selecting import acting_person, chosen_desk
        from upheld.people.actions import ImportRefused, import_customers
        from upheld.people.importing import SheetRefused, plan_import, read_sheet

        chosen, now = chosen_desk(desk), present_instant()
        try:
            sheet = read_sheet(data)
        except SheetRefused as refused:
            raise Trouble(str(refused)) from None
        with _progress(sheet) as advance:
            if dry_run:
                plan, _importing = plan_import(chosen, sheet, now, advance)
            else:
                try:
                    plan = import_customers(
                        chosen, sheet, name=file.name, by=acting_person(), now=now, advance=advance
                    )
                except ImportRefused as refused:
                    _refused(refused.plan)
                    raise Trouble(str(refused)) from None
        if plan.problems:
            _refused(plan)
            raise Trouble("The file has problems. Nothing would be imported.")
        _tell(plan, dry_run=dry_run)


def template(
    kind: Annotated[str, typer.Argument(help="organizations, contacts or contracts")],
) -> None:
    """Print a file to fill in, with two rows as examples."""
    import django

    django.setup()
    from upheld.people.importing import Kind, template_of

    if kind not in list(Kind):
        raise Trouble(f"There is no table “{kind}”.", f"Choose one of: {', '.join(Kind)}.")
    typer.echo(template_of(Kind(kind)).removeprefix("\ufeff").replace("\r\n", "\n"), nl=False)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise Trouble(f"{file} cannot be read: {problem.strerror or problem}.") from None


@contextmanager
def _progress(sheet: Sheet) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, for somebody who watches. Every row is looked at and, where it is new, written."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        total = len(sheet.lines)
        task = bars.add_task("Looking", total=total)
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            if done <= total:
                bars.update(task, completed=done)
            else:
                bars.update(task, description="Storing", completed=done - total)

        yield advance


def _refused(plan: Plan | None) -> None:
    if plan is None:
        return
    for each in plan.problems[:MOST_TOLD]:
        where = f"line {each.line}" + (f", {each.column}" if each.column else "")
        typer.echo(f"{where}: {each.message}", err=True)
    if len(plan.problems) > MOST_TOLD:
        typer.echo(f"and {len(plan.problems) - MOST_TOLD} more", err=True)


def _tell(plan: Plan, *, dry_run: bool) -> None:
    """Every row that is added or changed in a dry run; the counts always."""
    from upheld.people.importing import Verdict

    for row in plan.rows:
        if dry_run and row.verdict is not Verdict.same:
            changes = "; ".join(
                f"{each.column}: {each.before} → {each.after}"
                if each.before
                else f"{each.column}: {each.after}"
                for each in row.details
            )
            typer.echo(
                f"line {row.line}  {row.verdict.value:<7}  {row.name}" + (f"  ({changes})" if changes else "")
            )
        for remark in row.remarks:
            typer.echo(f"line {row.line}  note     {row.name}: {remark}", err=not dry_run)
    counts = plan.counts
    said = "would be " if dry_run else ""
    typer.echo(
        f"{plan.kind.value}: {counts[Verdict.added]} {said}added, {counts[Verdict.changed]} {said}changed,"
        f" {counts[Verdict.same]} as they are"
    )
