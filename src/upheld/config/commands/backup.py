"""`upheld backup` and `upheld restore`: all of a desk in one file, and back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.config.backups.manifest import Manifest
    from upheld.config.backups.progress import Steps
    from upheld.config.backups.restoring import Restored

_ONES = "upheld-[0-9]*Z.zip"


def add(app: typer.Typer) -> None:
    """Add `upheld backup` and `upheld restore`."""
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A file, or a folder; the folder `backups` of the data directory, when left out."
        ),
    ] = None,
    keep: Annotated[
        int, typer.Option(min=0, help="Of the backups in that folder keep the newest so many; 0 keeps all.")
    ] = 0,
    without_key: Annotated[
        bool, typer.Option("--without-key", help="Leave the desk's key out; you keep it elsewhere.")
    ] = False,
) -> None:
    """Write all of the desk into one file, as it is at this instant. The desk may go on working."""
    from upheld.config import paths
    from upheld.config.lab_place import lab_clock
    from upheld.config.running import database_running

    if lab_clock(paths.data_dir()):
        raise Trouble("This is a lab: its desk is made up.", "`upheld lab` makes another one.")
    with database_running(lambda line: typer.echo(line, err=True)):
        import django

        django.setup()
        from upheld.config.backups.progress import bytes_told
        from upheld.config.instant import present_instant

        now = present_instant()
        target = _target(file, now)
        if keep and file is not None and not file.is_dir():
            raise Trouble("--keep counts the backups of a folder.", "Give a folder in place of a file.")
        made = _made(target, now, with_key=not without_key)
        _noted(target, now)
    typer.echo(f"{target} ({bytes_told(target.stat().st_size)})")
    if made.missing:
        typer.echo(
            f"{len(made.missing)} files that the desk names are not there, as: {made.missing[0]}", err=True
        )
    for old in _beyond(target.parent, keep):
        old.unlink()


def restore(
    file: Annotated[Path | None, typer.Argument(help="What `upheld backup` wrote.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of the desk that is there, which is kept aside.")
    ] = False,
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Restore even though the key of the desk is lost.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="Put the desk back that the latest --replace kept aside.")
    ] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Throw away what --replace kept aside.")] = False,
) -> None:
    """Restore a desk from a backup, bring it up to date, and prove it. Exits with 1 when the proof finds something."""
    if sum((file is not None, back, forget)) != 1:
        raise Trouble("Name the backup.", "upheld restore FILE; or --back or --forget, alone.")
    with _steps() as steps:
        if file is None:
            _formers(steps, back=back)
            return
        from upheld.config.backups.archive import Archive
        from upheld.config.backups.restoring import restore_backup

        done = restore_backup(file, steps, replace=replace, new_key=new_key)
    _tell(Archive.read(file).manifest, done)
    if not done.proved or done.differing:
        raise typer.Exit(1)


def _target(file: Path | None, now: datetime) -> Path:
    from upheld.config import paths
    from upheld.config.backups.archive import is_backup

    if file is None:
        file = paths.data_dir() / "backups"
        file.mkdir(mode=0o700, exist_ok=True)
    if file.is_dir():
        file = file / f"upheld-{now:%Y-%m-%dT%H%M%S}Z.zip"
    target = file.absolute()
    if not target.parent.is_dir():
        raise Trouble(f"There is no folder {target.parent}.", "Make it, or name another place.")
    if target.exists() and not is_backup(target):
        raise Trouble(f"{target} is there already, and is no backup of Upheld.", "Name another file.")
    return target


def _made(target: Path, now: datetime, *, with_key: bool) -> Manifest:
    from django.conf import settings

    from upheld.config.backups.making import Order, make_backup

    with _steps() as steps:
        return make_backup(target, Order(settings.DATA_DIR, now, settings.SECRET_KEY, with_key), steps)


def _noted(target: Path, now: datetime) -> None:
    """Into the audit, where the tables are those of this program: a backup may come before the migrations."""
    from upheld.config.backups.audit import note
    from upheld.config.database import Fit, connection, fit

    with connection() as opened:
        fits = fit(opened) == Fit.FITS
    if fits:
        note("backup made", target, now, size=target.stat().st_size)


def _beyond(folder: Path, keep: int) -> list[Path]:
    """The backups in a folder that are older than the newest so many; their names are in the order of time."""
    return sorted(folder.glob(_ONES), reverse=True)[keep:] if keep else []


def _formers(steps: Steps, *, back: bool) -> None:
    from upheld.config.backups import formers

    if not back:
        for name in formers.throw_away(steps):
            typer.echo(f"{name} is gone.")
        return
    former = formers.put_back(steps)
    typer.echo(f"The former desk is back; the restored one is kept aside as the database {former}.")


def _tell(manifest: Manifest, done: Restored) -> None:
    rows = manifest.rows
    told = ", ".join(
        f"{rows[table]:,} {name}"
        for table, name in (("tickets_ticket", "tickets"), ("tickets_message", "messages"))
        if table in rows
    )
    typer.echo(
        f"Restored as of {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC: {told}; {sum(rows.values()):,} rows in"
        f" {len(rows)} tables and {manifest.files:,} files, as the backup names them."
    )
    if done.differing:
        typer.echo(f"{len(done.differing)} files are missing or are not what they were:", err=True)
        for name in done.differing[:20]:
            typer.echo(f"  {name}", err=True)
    if done.former:
        typer.echo(
            f"The desk that was there is kept aside as the database {done.former}. `upheld restore --back` puts it"
            " back, `upheld restore --forget` throws it away."
        )
    if done.key:
        typer.echo(f"The key that was there is kept aside in the data directory as {done.key}.")
    if done.former_cluster:
        typer.echo(
            f"The data of the other PostgreSQL is kept in {done.former_cluster}; remove it when you like."
        )
    if not done.proved:
        typer.echo("The proof found differences, or came to no end: see above.", err=True)


@contextmanager
def _steps() -> Iterator[Steps]:
    """What is told on the way; on a terminal one line that moves."""
    from upheld.config.backups.progress import Steps
    from upheld.config.running import end_on_signals

    end_on_signals()
    moving = sys.stderr.isatty()

    def say(line: str) -> None:
        typer.echo(("\r\x1b[K" if moving else "") + line, err=True)

    def move(line: str) -> None:
        typer.echo(f"\r\x1b[K{line}", nl=False, err=True)

    try:
        yield Steps(say, move if moving else None)
    except BaseException:
        if moving:
            typer.echo(err=True)
        raise
