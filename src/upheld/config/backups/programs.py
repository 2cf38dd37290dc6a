"""The pg_dump and the pg_restore that belong to a server: of its own major version, wherever they lie."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from psycopg.conninfo import make_conninfo

from upheld.config.child import die_with_parent
from upheld.config.cluster import CLEAN_ENVIRONMENT
from upheld.config.postgres_program import bundled_homes
from upheld.config.trouble import Trouble

# Where packages put them beside each other, version by version.
_USUAL = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin", "/opt/homebrew/opt/postgresql@{}/bin")


def folder_for(major: int, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder with the programs of this major version. Newer ones could read the server, but what they write the
    server's own could not take back; older ones cannot read it."""
    found = set()
    for folder in _folders(major, environ):
        version = _major(folder)
        if version == major:
            return folder
        found.add(version)
    others = ", ".join(str(each) for each in sorted(found - {0}))
    raise Trouble(
        f"The database server is PostgreSQL {major}, and there is no pg_dump and pg_restore of that version here"
        + (f" (only of {others})." if others else "."),
        f"Install the package postgresql-client-{major} (Debian, Ubuntu) or postgresql{major} (Fedora, RHEL),"
        " or put its folder on the PATH.",
    )


def start(
    program: Path, arguments: list[str], at: Mapping[str, Any], errors: IO[bytes], **streams: Any
) -> subprocess.Popen[bytes]:
    """Start one of them on the database `at`; a password goes by the environment, which other users cannot read."""
    address = {name: value for name, value in at.items() if name != "password"}
    environ = CLEAN_ENVIRONMENT | {"HOME": os.environ.get("HOME", "/"), "PGAPPNAME": "upheld"}
    if password := at.get("password"):
        environ["PGPASSWORD"] = str(password)
    return subprocess.Popen(  # noqa: S603
        [str(program), "--no-password", f"--dbname={make_conninfo(**address)}", *arguments],
        env=environ,
        stderr=errors,
        preexec_fn=die_with_parent,
        **streams,
    )


def last_words(errors: IO[bytes]) -> str:
    """What a program said at its end, in one line."""
    errors.seek(0)
    lines = [line.strip() for line in errors.read().decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "error:" in line]
    return (telling or lines or ["it left no word"])[0][:500]


def _folders(major: int, environ: Mapping[str, str]) -> Iterator[Path]:
    for home in bundled_homes():
        yield home / "bin"
    for part in environ.get("PATH", "").split(os.pathsep):
        if part:
            yield Path(part)
    for usual in _USUAL:
        yield Path(usual.format(major))


def _major(folder: Path) -> int:
    """The version of the programs in a folder that has both; else 0."""
    if not all(os.access(folder / name, os.X_OK) for name in ("pg_dump", "pg_restore")):
        return 0
    said = subprocess.run(  # noqa: S603
        [str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False
    ).stdout
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0
