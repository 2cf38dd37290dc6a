"""Taking a backup of a desk, at work or not: all of it as it was at one instant."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import IsolationLevel, errors

from upheld.config import paths
from upheld.config.backups import archive, contents, programs
from upheld.config.backups.archive import NewArchive, new_archive
from upheld.config.backups.files import Fleeting, pack
from upheld.config.backups.manifest import DUMP, FILES, KEY, Manifest, key_mark, own_version
from upheld.config.backups.progress import Steps
from upheld.config.database import connection, parameters
from upheld.config.trouble import Trouble

# Files of these rows are removed when a draft is sent or thrown away; no other file of a desk ever is.
_FLEETING = "tickets_draftfile"


@dataclass(frozen=True)
class Order:
    """What is to be backed up, and when. `key` signs the desk's links and opens its sealed passwords."""

    data_dir: Path
    taken_at: datetime
    key: str
    with_key: bool = True


def make_backup(target: Path, order: Order, steps: Steps) -> Manifest:
    """Write a backup of the desk into one file. Nothing at work has to stop or to wait for it."""
    with connection() as opened, Fleeting() as fleeting, _snapshot(opened, order, fleeting) as snapshot:
        folder = programs.folder_for(opened.info.server_version // 10_000)
        if "django_migrations" not in contents.tables(opened):
            raise Trouble("There is no desk in this database.", "Make one with `upheld setup`.")
        with new_archive(target) as new:
            files, missing = _files(opened, order, fleeting, new, steps)
            _dump(folder / "pg_dump", snapshot, new, steps)
            if order.with_key:
                with new.piece(KEY) as piece:
                    piece.write(order.key.encode())
            with steps.step("Counting rows"):
                counted = contents.rows(
                    opened, [each for each in contents.tables(opened) if each not in contents.WITHOUT_ROWS]
                )
            manifest = Manifest(
                upheld=own_version(),
                taken_at=order.taken_at,
                postgresql=_version(opened.info.server_version),
                migrations=contents.migrations(opened),
                rows=counted,
                without_rows=contents.WITHOUT_ROWS,
                files=files,
                missing=missing,
                key_mark=key_mark(order.key),
                pieces=new.digests,
            )
            new.close_with(manifest)
    return manifest


@contextmanager
def _snapshot(opened: contents.Opened, order: Order, fleeting: Fleeting) -> Iterator[str]:
    """The name of one state of the database, in which `opened` reads and that pg_dump joins.

    Every file that it names is there: its bytes were on disk before its row was committed, and what may go is held
    open before anybody can remove it.
    """
    opened.isolation_level = IsolationLevel.REPEATABLE_READ
    opened.read_only = True
    with connection() as locking, opened.transaction():
        with locking.transaction(force_rollback=True):
            locking.execute("set local lock_timeout = '20s'")
            try:
                locking.execute(f"lock table {_FLEETING} in share mode")
            except errors.LockNotAvailable:
                raise Trouble(
                    "The database is busy with something long.", "Try again when that is done."
                ) from None
            except errors.UndefinedTable:
                raise Trouble("There is no desk in this database.", "Make one with `upheld setup`.") from None
            snapshot = _exported(opened)
            names = opened.execute(f"select stored_as from {_FLEETING}")  # noqa: S608
            fleeting.take(paths.attachments(order.data_dir), [name for (name,) in names])
        opened.execute("set local idle_in_transaction_session_timeout = 0")
        yield snapshot


def _exported(opened: contents.Opened) -> str:
    row: Any = opened.execute("select pg_export_snapshot()").fetchone()
    return str(row[0])


def _files(
    opened: contents.Opened, order: Order, fleeting: Fleeting, new: NewArchive, steps: Steps
) -> tuple[int, list[str]]:
    with steps.step("Copying files") as advance, new.piece(FILES, advance) as piece:
        return pack(paths.attachments(order.data_dir), fleeting, contents.named_files(opened), piece)


def _dump(program: Path, snapshot: str, new: NewArchive, steps: Steps) -> None:
    arguments = ["--format=custom", "--no-owner", "--no-privileges", "--compress=4"]
    arguments += [f"--snapshot={snapshot}", "--lock-wait-timeout=60s"]
    arguments += [f"--exclude-table-data=public.{name}" for name in contents.WITHOUT_ROWS]
    with (
        tempfile.TemporaryFile() as said,
        steps.step("Dumping the database") as advance,
        new.piece(DUMP, advance) as piece,
    ):
        running = programs.start(program, arguments, parameters(), said, stdout=subprocess.PIPE)
        try:
            while running.stdout and (chunk := running.stdout.read(archive.CHUNK)):
                piece.write(chunk)
        except BaseException:
            running.kill()
            raise
        finally:
            running.wait()
        if running.returncode != 0:
            raise Trouble(f"The database could not be dumped: {programs.last_words(said)}")


def _version(number: int) -> str:
    return f"{number // 10_000}.{number % 10_000}"
