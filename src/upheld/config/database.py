"""The desk's database as seen before Django starts: can we reach it, is it new enough, does its schema fit?

`python -m upheld.config.database` answers in a process of its own, so that the supervisor loads no psycopg.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg import errors

from upheld.config import paths
from upheld.config.embedded import connection_parameters
from upheld.config.lab_place import lab_clock
from upheld.config.trouble import Trouble

OLDEST = 15
EXAMPLE = "UPHELD_DATABASE_URL=postgres://upheld:secret@localhost:5432/upheld"


class Fit(IntEnum):
    """How the database's schema fits this program; also the exit status of this module."""

    FITS = 0
    TROUBLE = 1
    TO_MIGRATE = 3


def given_url(environ: Mapping[str, str] = os.environ) -> str:
    """The address of a PostgreSQL that somebody else runs, or nothing when Upheld runs its own."""
    return environ.get("UPHELD_DATABASE_URL", "")


def parameters(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """How to reach the desk's database: as UPHELD_DATABASE_URL says, else the one of the data directory."""
    url = given_url(environ)
    return _parsed(url) if url else dict(connection_parameters(paths.data_dir(environ)))


@contextmanager
def connection(environ: Mapping[str, str] = os.environ) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the desk's database; what can be wrong with it is told in one line."""
    url = given_url(environ)
    try:
        opened = psycopg.connect(
            **parameters(environ), connect_timeout=5, application_name="upheld", autocommit=True
        )
    except psycopg.Error as error:
        raise _unreachable(error, bool(url)) from None
    with opened:
        if opened.info.server_version < OLDEST * 10_000:
            raise Trouble(
                f"The database server is PostgreSQL {opened.info.server_version // 10_000};"
                f" Upheld needs {OLDEST} or newer."
            )
        yield opened


def fit(opened: psycopg.Connection[Any]) -> Fit:
    """Whether the schema is known to be the one that this program made last."""
    return Fit.FITS if _words(opened)[:1] == [fingerprint()] else Fit.TO_MIGRATE


def is_demo(opened: psycopg.Connection[Any]) -> bool:
    """Whether the desk in this database is, or is going to be, the demo's."""
    return "demo" in _words(opened)


def is_lab(opened: psycopg.Connection[Any]) -> bool:
    """Whether the desk in this database lives, or is going to live, by a lab's clock."""
    return "lab" in _words(opened)


def is_filled_demo(opened: psycopg.Connection[Any]) -> bool:
    """Whether the made-up data of the demo, or of the lab, is all there."""
    return "filled" in _words(opened)


def holds_desk(opened: psycopg.Connection[Any]) -> bool:
    """Whether somebody has made a desk in this database."""
    row = opened.execute("select to_regclass('desks_desk') is not null").fetchone()
    if not row or not row[0]:
        return False
    return opened.execute("select 1 from desks_desk limit 1").fetchone() is not None


def note_schema(opened: psycopg.Connection[Any], *also: str) -> None:
    """Remember in the database, where it survives copies and restores, which program made its schema, and why."""
    _set_remark(opened, " ".join([fingerprint(), *dict.fromkeys([*_words(opened)[1:], *also])]))


def forget_schema(opened: psycopg.Connection[Any]) -> None:
    """Make the next start look at the migrations one by one."""
    if _words(opened):
        _set_remark(opened, " ".join(["unknown", *_words(opened)[1:]]))


def fingerprint() -> str:
    """Changes whenever the migrations of Upheld or of a package it uses may have changed."""
    package = Path(__file__).resolve().parents[1]
    ours = sorted(str(path.relative_to(package)) for path in package.glob("*/migrations/*.py"))
    theirs = sorted(f"{found.name} {found.version}" for found in importlib.metadata.distributions())
    return hashlib.sha256("\n".join(ours + theirs).encode()).hexdigest()[:16]


def _words(opened: psycopg.Connection[Any]) -> list[str]:
    row = opened.execute("select obj_description(to_regclass('django_migrations'), 'pg_class')").fetchone()
    return str((row and row[0]) or "").split()


def _set_remark(opened: psycopg.Connection[Any], text: str) -> None:
    opened.execute(
        psycopg.sql.SQL("comment on table django_migrations is {}").format(psycopg.sql.Literal(text))
    )


def _parsed(url: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        found = {
            "host": parts.hostname,
            "port": parts.port,
            "user": unquote(parts.username or "") or None,
            "password": unquote(parts.password or "") or None,
            "dbname": unquote(parts.path.lstrip("/")) or None,
        }
    except ValueError:
        parts, found = urlsplit(""), {}
    if parts.scheme not in ("postgres", "postgresql") or not found["dbname"]:
        # Not shown: it may hold a password.
        raise Trouble(
            "UPHELD_DATABASE_URL is not the address of a PostgreSQL database.", f"Write it as in {EXAMPLE}"
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or (unquote(parts.hostname) if parts.hostname else None)
    found["host"] = host
    return {name: value for name, value in (found | options).items() if value is not None}


def _unreachable(error: psycopg.Error, given: bool) -> Trouble:
    # libpq tells at length where it tried; the last reason is the one to act on.
    reasons = [line.rsplit("failed: ", 1)[1] for line in str(error).splitlines() if "failed: " in line]
    said = (reasons or [*str(error).splitlines(), type(error).__name__])[-1].removeprefix("FATAL: ").strip()
    if given:
        return Trouble(f"The database of UPHELD_DATABASE_URL cannot be used: {said}.", _remedy(said))
    if "Peer authentication" in said:
        return Trouble(
            "Upheld's own PostgreSQL lets in only the user who runs Upheld.", "Run this as that user."
        )
    return Trouble(
        f"Upheld's own PostgreSQL does not answer: {said}.",
        "Start it with `upheld serve`, or set UPHELD_DATABASE_URL.",
    )


def _remedy(said: str) -> str:
    if "password" in said or "role" in said:
        return "Check the user and the password in it."
    if "does not exist" in said:
        return "Make the database first: createdb --owner ROLE NAME"
    return "Check that the server runs, and the host and port in it."


def main() -> int:
    """Answer by exit status; a trouble is printed."""
    try:
        with connection() as opened:
            if lab_clock(paths.data_dir()) is not None:
                _refuse_other_than_lab(opened)
            elif is_lab(opened):
                raise Trouble(
                    "This database is a lab's, and its time is made up.", "Start it with `upheld lab`."
                )
            elif os.environ.get("UPHELD_DEMO") == "1":
                _refuse_real_desk(opened)
            return fit(opened)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)  # noqa: T201
        return Fit.TROUBLE
    except errors.Error as error:
        print(f"The database refuses to be read: {' '.join(str(error).split())}", file=sys.stderr)  # noqa: T201
        return Fit.TROUBLE


def _refuse_real_desk(opened: psycopg.Connection[Any]) -> None:
    if holds_desk(opened) and not is_demo(opened):
        raise Trouble(
            "This database holds a real desk, and the demo lets anybody sign in.",
            "Give the demo a place of its own: UPHELD_DATA_DIR=/some/where make demo",
        )


def _refuse_other_than_lab(opened: psycopg.Connection[Any]) -> None:
    if holds_desk(opened) and not is_lab(opened):
        raise Trouble(
            "This database holds a desk that is no lab's.",
            "A lab makes up its time, its people and its mail: give it a place of its own.",
        )


if __name__ == "__main__":
    sys.exit(main())
