"""The bench's own databases, beside the desk's on one server. The desk's is never written to."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from upheld.config.embedded import connection_parameters

# As `upheld bench seed` names it.
SEEDED = "upheld_bench"
DUE = "upheld_bench_due"
SWEPT = "upheld_bench_swept"
DEMO = "upheld_bench_demo"
OURS = (SEEDED, DUE, SWEPT, DEMO)


@dataclass(frozen=True, slots=True)
class Server:
    """The PostgreSQL of a run: the given one, or that of a data directory."""

    given: str
    home: Path

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        if self.given:
            return urlunsplit(urlsplit(self.given)._replace(path=f"/{name}"))
        at = connection_parameters(self.home)
        where = urlencode({"host": at["host"], "port": at["port"]}, safe="/")
        return f"postgres://{at['user']}@/{name}?{where}"

    def has(self, name: str) -> bool:
        """Whether there is a database of that name."""
        with self._opened() as opened:
            found = opened.execute("select 1 from pg_database where datname = %s", [name])
            return found.fetchone() is not None

    def make_afresh(self, name: str, template: str = "") -> None:
        """Make a database, empty or a copy of another to which nobody is connected."""
        self.drop(name)
        with self._opened() as opened:
            like = sql.SQL(" template {}").format(sql.Identifier(template)) if template else sql.SQL("")
            opened.execute(sql.SQL("create database {}").format(sql.Identifier(name)) + like)

    def drop(self, name: str) -> None:
        """Take a database away, if there is one."""
        with self._opened() as opened:
            opened.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def _opened(self) -> psycopg.Connection[tuple[object, ...]]:
        parameters = connection_parameters(self.home) if not self.given else {"conninfo": self.given}
        return psycopg.connect(**parameters, autocommit=True)


def use(name: str) -> None:
    """Point Django in this process at a database of the bench, and bring its schema up."""
    from django.core.management import call_command
    from django.db import connection

    from upheld.desks.policies import compiled, place_of
    from upheld.desks.policy_documents import document_of

    leave()
    connection.settings_dict["NAME"] = name
    for kept in (compiled, place_of, document_of):
        # By the id of a version, which is another one there.
        kept.cache_clear()
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


def leave() -> None:
    """Close what this process has open, so that a database can be copied or taken away."""
    from django.db import connection

    connection.close()
