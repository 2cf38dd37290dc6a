"""The databases of a server during a restore: the desk's own, the one that is being made, and those kept aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from upheld.config.backups import contents
from upheld.config.database import connection, given_url, holds_desk, parameters
from upheld.config.trouble import Trouble

_NEW = "_restoring"
_FORMER = "_before_"


@dataclass(frozen=True)
class Databases:
    """The server that has, or will have, the desk's database."""

    at: Mapping[str, Any]
    url: str

    @classmethod
    def of_desk(cls) -> Databases:
        """Those of the server of this desk."""
        return cls(parameters(), given_url())

    @property
    def desk(self) -> str:
        """The name of the desk's own."""
        return str(self.at["dbname"])

    @property
    def new(self) -> str:
        """The name of the one that is being made."""
        return self.desk + _NEW

    def address(self, name: str) -> str:
        """A database of this server as UPHELD_DATABASE_URL."""
        if self.url:
            return urlsplit(self.url)._replace(path=f"/{quote(name, safe='')}").geturl()
        host, user = quote(str(self.at["host"]), safe=""), quote(str(self.at["user"]), safe="")
        return f"postgres:///{quote(name, safe='')}?host={host}&port={self.at['port']}&user={user}"

    @contextmanager
    def opened(self, name: str) -> Iterator[contents.Opened]:
        """A connection to one of them."""
        with connection({"UPHELD_DATABASE_URL": self.address(name)}) as opened:
            yield opened

    def has_desk(self) -> bool:
        """Whether somebody's desk is in the desk's database already."""
        with self.opened(self.desk) as opened:
            return holds_desk(opened)

    def refuse_others(self) -> None:
        """Refuse while anybody else works on the desk's database."""
        with self.opened(self.desk) as opened:
            found = opened.execute(
                "select coalesce(nullif(application_name, ''), usename::text, '?'), count(*) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"
                " group by 1 order by 1"
            ).fetchall()
        if found:
            told = ", ".join(f"{name} ({count})" for name, count in found)
            raise Trouble(
                f"The database {self.desk} is in use: {told}.",
                "Stop Upheld and whatever else is connected to it, then try again.",
            )

    def can_be_made(self) -> bool:
        """Whether our role may make databases."""
        with self.opened(self.desk) as opened:
            row = opened.execute(
                "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
            ).fetchone()
        return bool(row and row[0])

    def is_empty(self) -> bool:
        """Whether the desk's database has no table."""
        with self.opened(self.desk) as opened:
            return not contents.tables(opened)

    def make_new(self) -> None:
        """An empty database beside the desk's; one that an earlier try left is thrown away."""
        self.drop(self.new)
        statement = "create database {} encoding 'UTF8' template template0"
        with self.opened(self.desk) as opened:
            opened.execute(sql.SQL(statement).format(sql.Identifier(self.new)))

    def drop(self, name: str) -> None:
        """Drop a database, if it is there, whoever is connected."""
        with self.opened(self.desk) as opened:
            opened.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def clear(self) -> None:
        """Take everything out of the desk's database again, for a restore into an empty one that failed."""
        with self.opened(self.desk) as opened:
            for name in contents.tables(opened):
                opened.execute(sql.SQL("drop table {} cascade").format(sql.Identifier("public", name)))
            # Ticket numbers come from sequences that belong to no table.
            left = opened.execute(
                "select sequencename from pg_sequences where schemaname = 'public'"
            ).fetchall()
            for (name,) in left:
                opened.execute(sql.SQL("drop sequence {} cascade").format(sql.Identifier("public", name)))
            ours = opened.execute(
                "select oid::regprocedure::text from pg_proc"
                " where pronamespace = 'public'::regnamespace and proowner = current_user::regrole order by 1"
            ).fetchall()
            for (signature,) in ours:
                opened.execute(sql.SQL("drop function if exists {} cascade").format(sql.SQL(signature)))

    def put_in_place(self, name: str, stamp: str, keep: bool) -> str:
        """Give this database the name of the desk's, which is kept under another name or dropped. Return that name."""
        former = f"{self.desk}{_FORMER}{stamp}"
        rename = sql.SQL("alter database {} rename to {}")
        # Both or neither.
        with self._beside() as opened, opened.transaction():
            opened.execute(rename.format(sql.Identifier(self.desk), sql.Identifier(former)))
            opened.execute(rename.format(sql.Identifier(name), sql.Identifier(self.desk)))
        if not keep:
            self.drop(former)
            return ""
        return former

    def formers(self) -> list[str]:
        """The databases that restores kept aside, the newest first."""
        with self.opened(self.desk) as opened:
            found = opened.execute(
                "select datname from pg_database where starts_with(datname::text, %s) order by 1 desc",
                [self.desk + _FORMER],
            )
            return [name for (name,) in found]

    def size(self, name: str) -> int:
        """How many bytes one of them takes."""
        with self.opened(self.desk) as opened:
            row = opened.execute("select pg_database_size(%s)", [name]).fetchone()
        return int(row[0]) if row else 0

    @contextmanager
    def _beside(self) -> Iterator[contents.Opened]:
        """A connection to a database that nobody renames."""
        with ExitStack() as stack:
            for name in ("postgres", "template1"):
                with suppress(Trouble):
                    found = stack.enter_context(self.opened(name))
                    break
            else:
                raise Trouble(
                    "The server lets us into neither of its databases postgres and template1, so none can be"
                    " renamed.",
                    "Let the role connect to one of them.",
                )
            yield found


def stamp_of(former: str) -> str:
    """The instant that stands in the name of a former database."""
    return former.rpartition(_FORMER)[2]


def told(error: psycopg.Error) -> Trouble:
    """What a server refused during a restore, in one line."""
    return Trouble(f"The database refused: {' '.join(str(error).split())}.")
