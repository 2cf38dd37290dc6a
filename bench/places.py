"""Where a run keeps what it makes: a directory and databases of its own, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

DEMO_DATABASE = "upheld_bench_demo"


@dataclass(frozen=True, slots=True)
class Places:
    """`given_url` is the PostgreSQL that UPHELD_DATABASE_URL names; empty when the bench runs its own."""

    folder: Path
    given_url: str

    @property
    def demo_url(self) -> str:
        """The address of the demo's database on the given server, if one was given."""
        return _renamed(self.given_url, DEMO_DATABASE) if self.given_url else ""


@contextmanager
def places() -> Iterator[Places]:
    """Prepare Django for a database of the bench, and take everything away at the end."""
    given = os.environ.get("UPHELD_DATABASE_URL", "")
    folder = Path(tempfile.mkdtemp(prefix="upheld-bench-"))
    folder.chmod(0o711)
    (folder / "desk" / "static").mkdir(parents=True, mode=0o700)  # else the static files' middleware warns
    os.environ["UPHELD_DATA_DIR"] = str(folder / "desk")
    os.environ["DJANGO_SETTINGS_MODULE"] = "upheld.config.settings"
    os.environ["UPHELD_LOG_LEVEL"] = "WARNING"
    os.environ.pop("UPHELD_DEMO", None)
    try:
        with _server(given, folder / "desk"):
            yield Places(folder, given)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(given: str, data_dir: Path) -> Iterator[None]:
    if given:
        _make_afresh(given)
        yield
        _drop(given)
        return
    from upheld.config.embedded import EmbeddedPostgres

    with EmbeddedPostgres(data_dir):
        yield


def _make_afresh(given: str) -> None:
    _drop(given)
    with psycopg.connect(given, autocommit=True) as opened:
        opened.execute(sql.SQL("create database {}").format(sql.Identifier(DEMO_DATABASE)))


def _drop(given: str) -> None:
    with psycopg.connect(given, autocommit=True) as opened:
        name = sql.Identifier(DEMO_DATABASE)
        opened.execute(sql.SQL("drop database if exists {} with (force)").format(name))


def _renamed(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
