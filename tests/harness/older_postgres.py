"""A cluster as an earlier Upheld made it, on an older PostgreSQL: one that the wheel brings too, or Debian's."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.backups import files_in, piece
from upheld.config.child import credentials
from upheld.config.cluster import CLEAN_ENVIRONMENT, KEEPER, Place
from upheld.config.embedded import EmbeddedPostgres, connection_parameters
from upheld.config.paths import attachments, prepare_data_dir, private_directory
from upheld.config.postgres_program import PostgresProgram, bundled, bundled_homes
from upheld.config.service_account import account_for_postgres

_NOT_KNOWN_THEN = b"SET transaction_timeout"


def _older() -> PostgresProgram | None:
    candidates = [*bundled_homes()[1:], *sorted(Path("/usr/lib/postgresql").glob("*"), reverse=True)]
    ours = int(bundled().version().split(".")[0])
    for home in candidates:
        program = PostgresProgram(home)
        if (home / "bin" / "postgres").exists() and int(program.version().split(".")[0]) < ours:
            return program
    return None


OLDER = _older()


@contextmanager
def with_a_desk(data_dir: Path, backup: Path) -> Iterator[EmbeddedPostgres]:
    """Run a cluster of the older PostgreSQL, with the desk of a backup in it; `embedded.bundled` is the older one."""
    _make_cluster(data_dir)
    with EmbeddedPostgres(data_dir) as running:
        script = subprocess.run(
            [bundled()["pg_restore"], "--no-owner", "--file=-"],
            input=piece(backup, "database.dump"),
            capture_output=True,
            check=True,
        ).stdout
        known = b"".join(
            line for line in script.splitlines(keepends=True) if not line.startswith(_NOT_KNOWN_THEN)
        )
        at = connection_parameters(data_dir)
        to = ["-h", at["host"], "-U", at["user"], "-d", at["dbname"]]
        psql = [bundled()["psql"], "-Xq", "-v", "ON_ERROR_STOP=1", *to]
        subprocess.run(psql, input=known, capture_output=True, check=True, env=CLEAN_ENVIRONMENT)
        (data_dir / "secret-key").write_bytes(piece(backup, "secret-key"))
        for name, content in files_in(backup).items():
            stored = attachments(data_dir) / name
            stored.parent.mkdir(parents=True, exist_ok=True)
            stored.write_bytes(content)
        yield running


def _make_cluster(data_dir: Path) -> None:
    assert OLDER is not None
    account = account_for_postgres()
    prepare_data_dir(data_dir, account.gid if account else None)
    place = Place.within(data_dir, data_dir, account)
    private_directory(place.cluster, account.uid if account else None)
    options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=reject", f"--username={KEEPER}"]
    subprocess.run(
        [OLDER["initdb"], *options, "--no-instructions", f"--pgdata={place.cluster}"],
        env=CLEAN_ENVIRONMENT,
        capture_output=True,
        check=True,
        **credentials(account),
    )
    with (place.cluster / "postgresql.conf").open("a") as file:
        file.write("\ninclude 'upheld.conf'\n")
