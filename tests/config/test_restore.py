"""A restore where there is a desk already, into a database of one's own, and over one of an older PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from harness.backups import Machine, altered, files_in, kept, new_machine, without_files
from harness.older_postgres import OLDER, with_a_desk
from upheld.config import embedded
from upheld.config.embedded import EmbeddedPostgres, connection_parameters
from upheld.config.trouble import Trouble

pytestmark = pytest.mark.processes

FILE = kept()[-1]


def wrong_count(said: dict[str, Any]) -> None:
    said["rows"]["tickets_ticket"] += 1


@pytest.fixture
def machine() -> Iterator[Machine]:
    with new_machine() as made:
        yield made


def test_a_desk_is_replaced_put_back_and_forgotten(machine: Machine, tmp_path: Path) -> None:
    # Somebody's desk, with a key of its own.
    machine.ask("create table desks_desk as select 1 as id")
    (machine.data_dir / "secret-key").write_text("theirs")
    refused = machine.run("restore", FILE)
    assert refused.returncode == 1
    assert "There is a desk in the database upheld already. Add --replace" in refused.stderr
    short = altered(FILE, tmp_path / "short.zip", wrong_count)
    failed = machine.run("restore", short, "--replace")
    assert failed.returncode == 1
    assert "have not the rows that the backup names. Nothing was changed." in failed.stderr
    assert machine.ask("select datname from pg_database where datname like 'upheld%'") == ["upheld"]
    assert machine.ask("select id from desks_desk") == [1]
    assert (machine.data_dir / "secret-key").read_text() == "theirs"

    done = machine.run("restore", FILE, "--replace")
    assert done.returncode == 0, done.stderr
    assert "`upheld restore --back` puts it back" in done.stdout
    assert machine.ask("select count(*) from desks_desk") == [5]
    restored_key = (machine.data_dir / "secret-key").read_text()
    assert restored_key != "theirs"

    back = machine.run("restore", "--back")
    assert back.returncode == 0, back.stderr
    assert machine.ask("select id from desks_desk") == [1]
    assert (machine.data_dir / "secret-key").read_text() == "theirs"
    again = machine.run("restore", "--back")
    assert again.returncode == 0, again.stderr
    assert machine.ask("select count(*) from desks_desk") == [5]
    assert (machine.data_dir / "secret-key").read_text() == restored_key

    (machine.data_dir / "attachments" / "00").mkdir(exist_ok=True)
    nobodys = machine.data_dir / "attachments" / "00" / "of-the-desk-before"
    nobodys.write_bytes(b"theirs")
    kept_files = machine.ask("select stored_as from tickets_attachment")
    forgotten = machine.run("restore", "--forget")
    assert forgotten.returncode == 0, forgotten.stderr
    assert machine.ask("select datname from pg_database where datname like 'upheld%'") == ["upheld"]
    assert not list(machine.data_dir.glob("secret-key.*"))
    assert not nobodys.exists()
    assert all((machine.data_dir / "attachments" / name).exists() for name in kept_files)
    assert "Nothing is kept aside" in machine.run("restore", "--back").stderr


def test_a_role_that_makes_no_databases_restores_into_an_empty_one(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    """As on a server of one's own: `create role upheld login` and an empty database."""
    postgres._order("alter role upheld nocreatedb", unless="never")
    at = connection_parameters(postgres.data_dir)
    url = f"postgres:///upheld?host={at['host']}&user=upheld"
    with tempfile.TemporaryDirectory(prefix="upheld-machine-") as place:
        machine = Machine(Path(place), {"UPHELD_DATABASE_URL": url})
        failed = machine.run("restore", altered(FILE, tmp_path / "short.zip", wrong_count))
        assert failed.returncode == 1
        with psycopg.connect(**at, autocommit=True) as opened:
            left = "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
            assert opened.execute(left).fetchone() == (0,)
            busy = machine.run("restore", FILE)
            assert "is in use: " in busy.stderr
        done = machine.run("restore", without_files(FILE, tmp_path / "files.zip"))
        assert not (machine.data_dir / "postgres").exists()
        # Everything is there but the files, which are named.
        assert "Everything is as its story makes it." in done.stdout
        assert f"{len(files_in(FILE))} files are missing or are not what they were" in done.stderr
        assert sorted(files_in(FILE))[0] in done.stderr
        assert done.returncode == 1
        full = machine.run("restore", FILE, "--replace")
        assert "may not make another beside it" in full.stderr
        with psycopg.connect(**at, autocommit=True) as opened:
            assert opened.execute("select count(*) from desks_desk").fetchone() == (5,)


@pytest.mark.skipif(OLDER is None, reason="no PostgreSQL older than Upheld's own is here")
def test_a_desk_of_an_older_postgresql_is_carried_over(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "older.zip"
    with monkeypatch.context() as patched:
        # As the Upheld of that time: the same but for the PostgreSQL that it brings.
        patched.setattr(embedded, "bundled", lambda: OLDER)
        with with_a_desk(machine.data_dir, FILE):
            taken = machine.run("backup", file)
            assert taken.returncode == 0, taken.stderr
    major = OLDER.version().split(".")[0]
    with pytest.raises(Trouble, match=rf"made by PostgreSQL {major}.*`upheld restore --replace FILE`"):
        EmbeddedPostgres(machine.data_dir).start()
    refused = machine.run("restore", file)
    assert f"was made by PostgreSQL {major}" in refused.stderr
    failed = machine.run("restore", altered(file, tmp_path / "short.zip", wrong_count), "--replace")
    assert "Nothing was changed" in failed.stderr
    assert (machine.data_dir / "postgres" / "PG_VERSION").read_text().strip() == major

    done = machine.run("restore", file, "--replace")
    assert done.returncode == 0, done.stderr
    aside = machine.data_dir / f"postgres-{major}"
    assert str(aside) in done.stdout
    assert (aside / "PG_VERSION").read_text().strip() == major
    assert machine.ask("select count(*) from desks_desk") == [5]
    assert int(machine.ask("show server_version_num")[0]) // 10_000 > int(major)
