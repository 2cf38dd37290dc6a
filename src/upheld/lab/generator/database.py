"""The bench's own database on the desk's server. The desk's own is never written to."""

from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from upheld.desks.policies import compiled

NAME = "upheld_bench"
# The name of the desk's own database, from which the bench's is made; known once it has been replaced.
_HOME: dict[str, str] = {}


def use_bench_database(*, afresh: bool) -> None:
    """Point this process at the bench's database, made (again) where need be, and bring its schema up."""
    home = _HOME.setdefault("name", connection.settings_dict["NAME"])
    connection.close()
    connection.settings_dict["NAME"] = home
    _create(afresh=afresh)
    compiled.cache_clear()
    connection.settings_dict["NAME"] = NAME
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


def drop_bench_database() -> None:
    """Take the bench's database away, if there is one."""
    with _server() as opened:
        opened.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(NAME)))


def is_there() -> bool:
    """Whether there is a database of the bench."""
    with _server() as opened:
        return opened.execute("select 1 from pg_database where datname = %s", [NAME]).fetchone() is not None


def _create(*, afresh: bool) -> None:
    if afresh:
        drop_bench_database()
    if not is_there():
        with _server() as opened:
            opened.execute(sql.SQL("create database {}").format(sql.Identifier(NAME)))


def _server() -> psycopg.Connection[tuple[Any, ...]]:
    parameters = connection.get_connection_params()
    known = ("host", "port", "user", "password", "dbname")
    return psycopg.connect(**{key: parameters[key] for key in known if parameters.get(key)}, autocommit=True)
