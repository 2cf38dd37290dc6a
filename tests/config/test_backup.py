"""A backup taken while the desk works, and what stands in the way of one."""

from __future__ import annotations

import json
import resource
from pathlib import Path

import psycopg
import pytest

from harness.backups import files_in, kept, new_machine, piece
from harness.desk import RunningDesk
from upheld.config.embedded import connection_parameters

pytestmark = pytest.mark.processes

COUNTED = ("tickets_ticket", "tickets_message", "tickets_storyevent", "notices_notice", "desks_auditentry")
SESSION = "insert into django_session values ('made-up-session', 'signed in', '2999-01-01')"


def test_a_desk_at_work_is_restored_on_another_machine(running_desk: RunningDesk, tmp_path: Path) -> None:
    file = tmp_path / "desk.zip"
    at = connection_parameters(running_desk.data_dir)
    with psycopg.connect(**at, autocommit=True) as opened:
        opened.execute(SESSION)
        before = counts(opened)
        done = running_desk.run("backup", str(file))
        after = counts(opened)
        opened.execute("delete from django_session where session_key = 'made-up-session'")
        noted = opened.execute(
            "select count(*) from desks_auditentry where action = 'backup made'"
        ).fetchone()
        desks = opened.execute("select count(*) from desks_desk").fetchone()
    assert done.returncode == 0, done.stderr.decode()
    assert str(file) in done.stdout.decode()
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
    assert noted == desks  # every administrator reads of it
    said = json.loads(piece(file, "manifest.json"))
    assert all(before[table] <= said["rows"][table] <= after[table] for table in COUNTED)
    assert piece(file, "secret-key") == (running_desk.data_dir / "secret-key").read_bytes()
    packed = files_in(file)
    assert said["files"] == len(packed) > 0
    assert said["missing"] == []

    with new_machine() as machine:
        restored = machine.run("restore", file)
        assert restored.returncode == 0, restored.stderr
        assert "Everything is as its story makes it." in restored.stdout
        assert f"{said['rows']['tickets_ticket']} tickets" in restored.stdout
        assert (machine.data_dir / "secret-key").read_bytes() == piece(file, "secret-key")
        for name, content in packed.items():
            stored = machine.data_dir / "attachments" / name
            assert stored.read_bytes() == content
            assert (running_desk.data_dir / "attachments" / name).read_bytes() == content
            assert stored.stat().st_mode & 0o777 == 0o600
        assert machine.ask("select count(*) from django_session") == [0]
        assert machine.ask("select count(*) from tickets_message") == [said["rows"]["tickets_message"]]
        with pytest.raises(psycopg.errors.RestrictViolation):
            machine.ask("delete from tickets_storyevent")
        assert "desk.zip" in machine.ask(
            "select subject from desks_auditentry where action = 'backup restored'"
        )


def test_nothing_is_restored_over_a_desk_at_work(running_desk: RunningDesk) -> None:
    done = running_desk.run("restore", str(kept()[-1]), "--replace")
    assert done.returncode == 1
    assert "is running already" in done.stderr.decode()


def test_a_full_disk_is_told_and_leaves_nothing_behind(running_desk: RunningDesk, tmp_path: Path) -> None:
    done = running_desk.run("backup", f"{tmp_path}/desk.zip", preexec_fn=a_disk_of_100_kilobytes)
    assert done.returncode == 1
    assert "There is no room for the backup" in done.stderr.decode().splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_of_a_folder_the_newest_are_kept_and_nothing_else_is_touched(
    running_desk: RunningDesk, tmp_path: Path
) -> None:
    old = [tmp_path / f"upheld-2026-03-0{day}T030000Z.zip" for day in (1, 2, 3)]
    for each in (*old, tmp_path / "upheld-of-mine.zip"):
        each.write_bytes(b"")
    done = running_desk.run("backup", str(tmp_path), "--keep", "2")
    assert done.returncode == 0, done.stderr.decode()
    left = {path.name for path in tmp_path.iterdir()}
    assert left >= {old[2].name, "upheld-of-mine.zip"}
    assert len(left) == 3
    told = running_desk.run("doctor").stdout.decode()
    assert "last backup" in told


def test_what_is_no_backup_is_not_written_over(running_desk: RunningDesk, tmp_path: Path) -> None:
    (tmp_path / "thesis.zip").write_bytes(b"years of work")
    done = running_desk.run("backup", f"{tmp_path}/thesis.zip")
    assert done.returncode == 1
    assert "is no backup of Upheld" in done.stderr.decode()
    assert (tmp_path / "thesis.zip").read_bytes() == b"years of work"


def counts(opened: psycopg.Connection) -> dict[str, int]:
    return {
        table: opened.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608
        for table in COUNTED
    }


def a_disk_of_100_kilobytes() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
