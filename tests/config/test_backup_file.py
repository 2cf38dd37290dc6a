"""What a backup's file is checked for before anything is touched."""

from __future__ import annotations

import fcntl
import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.backups import altered, kept, piece
from upheld.config.backups import programs
from upheld.config.backups.archive import Archive, new_archive
from upheld.config.backups.files import unpack
from upheld.config.backups.keys import chosen
from upheld.config.backups.manifest import known_migrations, own_version
from upheld.config.trouble import Trouble

LATEST = kept()[-1]


def test_a_whole_one_passes() -> None:
    found = Archive.read(LATEST)
    found.check()
    found.manifest.refuse_newer(known_migrations())


def test_a_single_other_byte_is_found(tmp_path: Path) -> None:
    content = bytearray(LATEST.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "damaged.zip").write_bytes(content)
    with pytest.raises(Trouble, match=r"damaged.*Nothing was changed"):
        Archive.read(tmp_path / "damaged.zip").check()


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_one_that_was_cut_off_is_no_backup(share: float, tmp_path: Path) -> None:
    content = LATEST.read_bytes()
    (tmp_path / "half.zip").write_bytes(content[: int(len(content) * share)])
    with pytest.raises(Trouble, match="no whole backup"):
        Archive.read(tmp_path / "half.zip")


def later_version(said: dict[str, Any]) -> None:
    major, *rest = own_version().split(".")
    said["upheld"] = ".".join([str(int(major) + 1), *rest])


@pytest.mark.parametrize(
    "change", [later_version, lambda said: said["migrations"]["tickets"].append("9999_from_the_future")]
)
def test_one_of_a_newer_program_is_refused(
    change: Callable[[dict[str, Any]], object], tmp_path: Path
) -> None:
    newer = Archive.read(altered(LATEST, tmp_path / "newer.zip", change))
    with pytest.raises(Trouble, match=r"newer than this one.*Install that version"):
        newer.manifest.refuse_newer(known_migrations())


def test_tables_of_a_package_that_was_removed_since_are_let_be(tmp_path: Path) -> None:
    def had_another_package(said: dict[str, Any]) -> None:
        said["migrations"]["formerly"] = ["0001_initial"]

    older = Archive.read(altered(LATEST, tmp_path / "older.zip", had_another_package))
    older.manifest.refuse_newer(known_migrations())


def test_another_form_and_a_manifest_without_sense_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="form that this Upheld does not know"):
        Archive.read(altered(LATEST, tmp_path / "a.zip", lambda said: said.update(format=2)))
    with pytest.raises(Trouble, match="damaged manifest"):
        Archive.read(altered(LATEST, tmp_path / "b.zip", lambda said: said.pop("taken_at")))
    with pytest.raises(Trouble, match="damaged manifest"):
        Archive.read(altered(LATEST, tmp_path / "c.zip", lambda said: said["pieces"].pop("database.dump")))


def test_a_backup_that_fails_leaves_the_one_before_it(tmp_path: Path) -> None:
    target = tmp_path / "desk.zip"
    target.write_bytes(b"the one before")
    with pytest.raises(RuntimeError), new_archive(target) as new, new.piece("database.dump") as dump:
        dump.write(b"half")
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["desk.zip"]
    assert target.read_bytes() == b"the one before"


def test_what_a_killed_one_left_goes_and_what_another_is_writing_stays(tmp_path: Path) -> None:
    dead, living = tmp_path / ".a.zip.1.unfinished", tmp_path / ".b.zip.2.unfinished"
    dead.write_bytes(b"half")
    held = os.open(living, os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        with pytest.raises(RuntimeError), new_archive(tmp_path / "c.zip"):
            raise RuntimeError
        assert list(tmp_path.iterdir()) == [living]
    finally:
        os.close(held)


def test_the_key_comes_from_the_backup_or_is_the_one_that_is_here(tmp_path: Path) -> None:
    found, key = Archive.read(LATEST), piece(LATEST, "secret-key").decode()
    taken = chosen(found, tmp_path, accept_other=False, environ={})
    assert (taken.key, taken.brought) == (key, True)
    same = chosen(found, tmp_path, accept_other=False, environ={"UPHELD_SECRET_KEY": key})
    assert (same.key, same.brought) == (key, False)
    (tmp_path / "secret-key").write_text("of the desk before")
    assert chosen(found, tmp_path, accept_other=False, environ={}).put_in_place(tmp_path, "20260319") == (
        "secret-key.before-20260319"
    )
    assert (tmp_path / "secret-key").read_text() == key
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "secret-key.before-20260319").read_text() == "of the desk before"


def test_another_key_is_taken_only_when_one_says_so(tmp_path: Path) -> None:
    found, other = Archive.read(LATEST), {"UPHELD_SECRET_KEY": "another"}
    with pytest.raises(Trouble, match="is not the key of the desk"):
        chosen(found, tmp_path, accept_other=False, environ=other)
    assert chosen(found, tmp_path, accept_other=True, environ=other).key == "another"

    def keyless(said: dict[str, Any]) -> None:
        del said["pieces"]["secret-key"]

    without = Archive.read(altered(LATEST, tmp_path / "without.zip", keyless))
    with pytest.raises(Trouble, match="is not in this backup"):
        chosen(without, tmp_path, accept_other=False, environ={})
    assert len(chosen(without, tmp_path, accept_other=True, environ={}).key) > 40


def test_where_the_programs_for_a_server_lack_the_package_is_named() -> None:
    with pytest.raises(Trouble, match=r"PostgreSQL 99, .*Install the package postgresql-client-99"):
        programs.folder_for(99, {"PATH": ""})


@pytest.mark.parametrize("name", ["../secret-key", "/etc/x", "ab/../../x", "abc/def", "ab/c.py", "ab"])
def test_no_file_is_laid_outside_the_store(name: str, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"x"))
    packed.seek(0)
    laid: list[Path] = []
    with pytest.raises(Trouble, match="strange kind or name"):
        unpack(packed, tmp_path / "attachments", laid.append, lambda size: None)
    assert laid == []


def test_no_link_is_laid_into_the_store(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        entry = tarfile.TarInfo("ab/link")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)
    packed.seek(0)
    with pytest.raises(Trouble, match="strange kind or name"):
        unpack(packed, tmp_path / "attachments", lambda path: None, lambda size: None)


def test_a_password_of_the_server_is_in_no_command_line(tmp_path: Path) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "$@" >> "$0.said"\necho "$PGPASSWORD" >> "$0.knew"\n')
    program.chmod(0o700)
    at = {"host": "db.example.com", "user": "upheld", "password": "planted-0815", "dbname": "desk"}
    with (tmp_path / "errors").open("w+b") as errors:
        assert programs.start(program, ["--format=custom"], at, errors).wait(60) == 0
    said = (tmp_path / "pg_dump.said").read_text()
    assert "host=db.example.com" in said
    assert "planted" not in said
    assert (tmp_path / "pg_dump.knew").read_text() == "planted-0815\n"
