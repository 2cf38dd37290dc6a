"""What of a database belongs into a backup, found in the database itself, so that no later table is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

Opened = psycopg.Connection[Any]

# Sign-ins with their codes, counters of limits, who is there at this moment: none of it may come back to life.
WITHOUT_ROWS = ("django_session", "tickets_presence", "upheld_cache", "worker_heartbeat")
# Wherever a row names a file of the data directory, the column is called so.
_NAMES_A_FILE = "stored_as"


def tables(opened: Opened) -> list[str]:
    """Every table of a desk."""
    found = opened.execute(
        "select table_name from information_schema.tables"
        " where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name"
    )
    return [name for (name,) in found]


def rows(opened: Opened, of: list[str]) -> dict[str, int]:
    """How many rows these tables have."""
    count = sql.SQL("select count(*) from {}")
    return {name: _one(opened.execute(count.format(sql.Identifier("public", name)))) for name in of}


def migrations(opened: Opened) -> dict[str, list[str]]:
    """The migrations that made the tables, by app."""
    made: dict[str, list[str]] = {}
    for app, name in opened.execute("select app, name from django_migrations order by app, name"):
        made.setdefault(app, []).append(name)
    return made


def named_files(opened: Opened) -> Iterator[str]:
    """The name of every file that a row names, each once, in order, however many there are. Needs a transaction."""
    with opened.cursor("named_files") as cursor:
        cursor.execute(_union("{column}", opened))
        for (name,) in cursor:
            yield name


def files_with_digests(opened: Opened) -> Iterator[tuple[str, str]]:
    """The same, each with the digest of its content."""
    with opened.cursor("files_with_digests") as cursor:
        cursor.execute(_union("{column}, digest", opened))
        yield from cursor


def _union(columns: str, opened: Opened) -> sql.Composed:
    found = opened.execute(
        "select table_name from information_schema.columns"
        " where table_schema = 'public' and column_name = %s order by table_name",
        [_NAMES_A_FILE],
    )
    chosen = sql.SQL(columns).format(column=sql.Identifier(_NAMES_A_FILE))
    each = [sql.SQL("select {} from {}").format(chosen, sql.Identifier("public", name)) for (name,) in found]
    nothing = sql.SQL(
        "select ''::text, ''::text where false" if "," in columns else "select ''::text where false"
    )
    return sql.SQL(" union ").join([*each, nothing]) + sql.SQL(" order by 1")


def _one(cursor: psycopg.Cursor[Any]) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row else 0
