"""What is asked of the database before Django starts."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from upheld.config import database
from upheld.config.commands.database import _refuse_newer
from upheld.config.embedded import EmbeddedPostgres, connection_parameters
from upheld.config.trouble import Trouble


@pytest.fixture
def opened(postgres: EmbeddedPostgres) -> psycopg.Connection:
    with psycopg.connect(**connection_parameters(postgres.data_dir), autocommit=True) as connection:
        yield connection


@pytest.mark.processes
def test_a_schema_is_known_to_fit_until_something_may_have_changed_it(opened: psycopg.Connection) -> None:
    assert database.fit(opened) == database.Fit.TO_MIGRATE
    opened.execute("create table django_migrations (app text, name text)")
    database.note_schema(opened)
    assert database.fit(opened) == database.Fit.FITS
    database.forget_schema(opened)
    assert database.fit(opened) == database.Fit.TO_MIGRATE


@pytest.mark.processes
def test_a_demo_stays_a_demo_through_upgrades(opened: psycopg.Connection) -> None:
    opened.execute("create table django_migrations (app text, name text)")
    database.note_schema(opened, "demo")
    assert database.is_demo(opened)
    assert not database.is_filled_demo(opened)
    database.note_schema(opened, "demo", "filled")
    database.forget_schema(opened)
    database.note_schema(opened)
    assert database.is_demo(opened)
    assert database.is_filled_demo(opened)


@pytest.mark.processes
def test_a_desk_is_there_once_somebody_made_one(opened: psycopg.Connection) -> None:
    assert not database.holds_desk(opened)
    opened.execute("create table desks_desk (id int)")
    assert not database.holds_desk(opened)
    opened.execute("insert into desks_desk values (1)")
    assert database.holds_desk(opened)


def test_the_fingerprint_follows_the_migrations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = database.fingerprint()
    assert before == database.fingerprint()
    monkeypatch.setattr(database, "__file__", str(tmp_path / "upheld" / "config" / "database.py"))
    assert database.fingerprint() != before


def test_a_database_address_is_read_as_libpq_means_it() -> None:
    url = "postgres://anna:p%40ss@db.example.com:5433/desk?sslmode=verify-full"
    assert database._parsed(url) == {
        "host": "db.example.com",
        "port": 5433,
        "user": "anna",
        "password": "p@ss",
        "dbname": "desk",
        "sslmode": "verify-full",
    }
    assert database._parsed("postgresql:///desk?host=%2Frun%2Fpostgresql") == {
        "host": "/run/postgresql",
        "dbname": "desk",
    }


def test_migrations_of_a_newer_program_are_refused_but_those_of_a_removed_package_are_not() -> None:
    known = {("desks", "0001_initial")}
    _refuse_newer({("desks", "0001_initial"), ("formerly", "0001_initial")}, known)
    with pytest.raises(Trouble, match="newer Upheld"):
        _refuse_newer({("desks", "0001_initial"), ("desks", "0002_later")}, known)
