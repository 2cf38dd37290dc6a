"""Restoring a desk from a backup. It is made anew beside what is there, and takes its place when it has proved itself;
what fails before that changes nothing."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg

from upheld.config import paths
from upheld.config.backups import contents, files, keys, programs
from upheld.config.backups.archive import CHUNK, Advance, Archive
from upheld.config.backups.cluster_aside import room_for_cluster
from upheld.config.backups.databases import Databases, told
from upheld.config.backups.manifest import DUMP, FILES, known_migrations
from upheld.config.backups.progress import Steps
from upheld.config.database import given_url
from upheld.config.embedded import EmbeddedPostgres
from upheld.config.lab_place import lab_clock
from upheld.config.lock import hold
from upheld.config.processes import surroundings
from upheld.config.running import bring_schema_up, prepare_place, run_ours
from upheld.config.trouble import Trouble


@dataclass
class Restored:
    """What came of it: whether the proof was clean, which files differ, and what is kept aside."""

    proved: bool
    differing: list[str]
    former: str = ""
    former_cluster: Path | None = None
    key: str = ""


def restore_backup(path: Path, steps: Steps, *, replace: bool, new_key: bool) -> Restored:
    """Check the file, restore it, migrate it, prove it, and put it in place."""
    found = Archive.read(path)
    found.manifest.refuse_newer(known_migrations())
    with steps.step("Checking the file") as advance:
        found.check(advance)
    data_dir = paths.data_dir()
    key = keys.chosen(found, data_dir, accept_other=new_key)
    with (
        _desk_at_rest(data_dir),
        _room(data_dir, replace=replace) as former_cluster,
        _database(data_dir, steps) as databases,
    ):
        try:
            restored = _Restore(found, databases, data_dir, key, steps).run(replace)
        except psycopg.Error as error:
            raise told(error) from None
        except OSError as error:
            raise Trouble(
                f"The restore could not go on: {error.strerror or error} ({error.filename or data_dir}).",
                "Nothing was changed. Make room, or look at the rights there, and try again.",
            ) from None
        restored.former_cluster = former_cluster
        return restored


@contextmanager
def desk_with_database(data_dir: Path, steps: Steps) -> Iterator[Databases]:
    """The databases of a desk that is at rest."""
    with _desk_at_rest(data_dir), _database(data_dir, steps) as databases:
        yield databases


@contextmanager
def _database(data_dir: Path, steps: Steps) -> Iterator[Databases]:
    with nullcontext() if given_url() else EmbeddedPostgres(data_dir, say=steps.say):
        yield Databases.of_desk()


def _room(data_dir: Path, *, replace: bool) -> AbstractContextManager[Path | None]:
    return nullcontext() if given_url() else room_for_cluster(data_dir, replace=replace)


@contextmanager
def _desk_at_rest(data_dir: Path) -> Iterator[None]:
    """Nobody serves this desk, and nobody begins to."""
    if lab_clock(data_dir):
        raise Trouble("This is a lab: its desk is made up.", "Restore elsewhere: UPHELD_DATA_DIR=/some/where")
    prepare_place(data_dir, own=not given_url())
    lock = hold(data_dir, "serve.lock")
    try:
        yield
    finally:
        os.close(lock)


class _Restore:
    """One restore on a server that runs."""

    def __init__(
        self, found: Archive, databases: Databases, data_dir: Path, key: keys.Chosen, steps: Steps
    ) -> None:
        self._found = found
        self._databases = databases
        self._data_dir = data_dir
        self._key = key
        self._steps = steps
        self._laid: list[Path] = []

    def run(self, replace: bool) -> Restored:
        databases = self._databases
        has_desk = databases.has_desk()
        if has_desk and not replace:
            raise Trouble(
                f"There is a desk in the database {databases.desk} already.",
                "Add --replace to put the backup in its place (what is there is kept aside), or restore elsewhere"
                " with another UPHELD_DATA_DIR or UPHELD_DATABASE_URL.",
            )
        databases.refuse_others()
        beside = databases.can_be_made()
        if not beside and not databases.is_empty():
            raise Trouble(
                f"The database {databases.desk} is not empty, and its role may not make another beside it.",
                "Let it (alter role ... createdb), or name an empty database in UPHELD_DATABASE_URL.",
            )
        try:
            return self._beside(keep=has_desk) if beside else self._in_place()
        except BaseException:
            for path in self._laid:
                path.unlink(missing_ok=True)
            raise

    def _beside(self, keep: bool) -> Restored:
        databases = self._databases
        databases.make_new()
        try:
            restored, stamp = self._fill(databases.new)
            restored.former = databases.put_in_place(databases.new, stamp, keep)
        except BaseException:
            databases.drop(databases.new)
            raise
        restored.key = self._key.put_in_place(self._data_dir, stamp)
        return restored

    def _in_place(self) -> Restored:
        databases = self._databases
        try:
            restored, stamp = self._fill(databases.desk)
        except BaseException:
            databases.clear()
            raise
        restored.key = self._key.put_in_place(self._data_dir, stamp)
        return restored

    def _fill(self, name: str) -> tuple[Restored, str]:
        """Restore into a database that is empty, bring it up to date and prove it; return also when that was."""
        self._load(name)
        with self._databases.opened(name) as opened:
            self._compare_rows(opened)
            opened.execute("analyze")
        self._lay_files()
        environ = surroundings(self._data_dir) | {
            "UPHELD_DATABASE_URL": self._databases.address(name),
            "UPHELD_SECRET_KEY": self._key.key,
        }
        bring_schema_up(environ, self._steps.say)
        with self._databases.opened(name) as opened, opened.transaction():
            folder = paths.attachments(self._data_dir)
            differing = files.differing(folder, contents.files_with_digests(opened))
        stamp = self._note(environ)
        return Restored(_proved(environ), differing), stamp

    def _load(self, name: str) -> None:
        with self._databases.opened(name) as opened:
            major = opened.info.server_version // 10_000
        if major < self._found.manifest.major:
            raise Trouble(
                f"The backup is of PostgreSQL {self._found.manifest.major}, and this server is older.",
                "Restore it into a server of that version or a newer one.",
            )
        folder = programs.folder_for(major)
        at = dict(self._databases.at) | {"dbname": name}
        with self._steps.step("Restoring the database") as advance, tempfile.TemporaryDirectory() as place:
            chosen = Path(place) / "list"
            chosen.write_bytes(self._wanted(folder))
            options = ["--no-owner", "--no-privileges", "--exit-on-error", f"--use-list={chosen}"]
            self._feed(folder, options, at, advance)

    def _wanted(self, folder: Path) -> bytes:
        """The entries of the dump without extensions: an ordinary role may not make any, and no desk needs one."""
        with (
            self._found.piece(DUMP) as piece,
            tempfile.TemporaryFile() as listed,
            tempfile.TemporaryFile() as said,
        ):
            command = [str(folder / "pg_restore"), "--list"]
            running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=listed, stderr=said)  # noqa: S603
            if _fed(running, piece) != 0:
                raise Trouble(
                    f"The dump in the backup cannot be read: {programs.last_words(said)}. Nothing was changed."
                )
            listed.seek(0)
            return b"".join(line for line in listed if b" EXTENSION " not in line)

    def _feed(self, folder: Path, options: list[str], at: dict[str, Any], advance: Advance) -> None:
        with self._found.piece(DUMP) as piece, tempfile.TemporaryFile() as said:
            running = programs.start(
                folder / "pg_restore", options, at, said, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
            )
            if _fed(running, piece, advance) != 0:
                raise Trouble(
                    f"The database could not be restored: {programs.last_words(said)}. Nothing was changed."
                )

    def _compare_rows(self, opened: contents.Opened) -> None:
        wanted = dict(self._found.manifest.rows)
        there = set(contents.tables(opened))
        if contents.rows(opened, [name for name in wanted if name in there]) != wanted:
            raise Trouble("The restored tables have not the rows that the backup names. Nothing was changed.")

    def _lay_files(self) -> None:
        with self._steps.step("Laying out files") as advance, self._found.piece(FILES) as piece:
            files.unpack(piece, paths.attachments(self._data_dir), self._laid.append, advance)

    def _note(self, environ: Mapping[str, str]) -> str:
        """Write into the audit that the desk was restored; return the instant, fit for a name."""
        os.environ.update(environ)
        import django

        django.setup()
        from django.db import connections

        from upheld.config.backups.audit import note
        from upheld.config.instant import present_instant

        now, made = present_instant(), self._found.manifest
        note(
            "backup restored",
            self._found.path,
            now,
            taken_at=made.taken_at.isoformat(),
            by_upheld=made.upheld,
        )
        # The database is about to get another name.
        connections.close_all()
        return stamp_at(now)


def stamp_at(now: datetime) -> str:
    """An instant as part of a name."""
    return f"{now:%Y%m%d%H%M%S}"


def _fed(running: subprocess.Popen[bytes], piece: IO[bytes], advance: Advance = lambda fed: None) -> int:
    """Give a program its input and wait for its end; what it does not want to read it need not."""
    try:
        with suppress(BrokenPipeError), running.stdin or nullcontext():
            while running.stdin and (chunk := piece.read(CHUNK)):
                running.stdin.write(chunk)
                advance(len(chunk))
    except BaseException:
        running.kill()
        raise
    finally:
        status = running.wait()
    return status


def _proved(environ: Mapping[str, str]) -> bool:
    try:
        run_ours(environ, "verify")
    except SystemExit:
        return False
    return True
