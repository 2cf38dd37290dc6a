"""The database: migrations, and Django's own commands for those who know them."""

from __future__ import annotations

import sys
import warnings
from typing import Annotated

import typer

from upheld.config.trouble import Trouble


def add(app: typer.Typer) -> None:
    """Add `upheld migrate` and the hidden `upheld manage`."""
    app.command()(migrate)
    app.command(
        hidden=True,
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )(manage)


def migrate(
    check: Annotated[bool, typer.Option(help="Change nothing; exit 1 when something would be.")] = False,
) -> None:
    """Bring the database up to date with this version of Upheld."""
    from upheld.config.running import database_running

    with database_running(typer.echo):
        _migrate(check)


def manage(context: typer.Context) -> None:
    """Django's management commands."""
    from upheld.config.running import database_running

    arguments = context.args
    if arguments and arguments[0] in _WITHOUT_DATABASE:
        # Django compares with a database when there is one, and warns when there is none.
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
        _execute(arguments)
        return
    with database_running(lambda line: typer.echo(line, err=True)):
        if arguments[:1] in (["migrate"], ["flush"]):
            _forget()
        _execute(arguments)


_WITHOUT_DATABASE = {
    "makemigrations",
    "check",
    "help",
    "--help",
    "-h",
    "--version",
    "version",
    "collectstatic",
}


def _execute(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["upheld manage", *arguments])


def _forget() -> None:
    from upheld.config.database import connection, forget_schema

    with connection() as opened:
        forget_schema(opened)


def _migrate(check: bool) -> None:
    import django
    from django.core.management import call_command
    from django.db import connection as django_connection
    from django.db.migrations.executor import MigrationExecutor

    from upheld.config.database import connection, note_schema

    with connection() as opened:
        django.setup()
        executor = MigrationExecutor(django_connection)
        _refuse_newer(set(executor.loader.applied_migrations), set(executor.loader.disk_migrations))
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if check and (waiting or _is_unfinished()):
            raise Trouble("The database is older than this program.", "Run `upheld migrate`, then try again.")
        if waiting:
            call_command("migrate", interactive=False, verbosity=0)
        if not check:
            _finish()
            note_schema(opened)
            print(f"Migrations applied: {len(waiting)}", file=sys.stdout)  # noqa: T201


def _is_unfinished() -> bool:
    from upheld.tickets import filling

    return filling.is_waiting()


def _finish() -> None:
    """Write what the migrations leave to do, in lots: whoever ends it here goes on with it the next time."""
    from upheld.tickets import filling

    if filling.is_waiting():
        filled = filling.fill(lambda count: typer.echo(f"Tickets counted for the figures: {count}", err=True))
        print(f"Tickets counted for the figures: {filled}", file=sys.stdout)  # noqa: T201


def _refuse_newer(applied: set[tuple[str, str]], known: set[tuple[str, str]]) -> None:
    """A later schema holds what this program would misread; apps no longer installed are let be."""
    apps = {app for app, _ in known}
    strange = sorted(f"{app}.{name}" for app, name in applied - known if app in apps)
    if strange:
        raise Trouble(
            f"The database was made by a newer Upheld (it has {strange[-1]}, unknown here).",
            "Install that version, or restore the backup taken before the upgrade.",
        )
