"""What is dear to make and the same for everybody: made once, by whoever needs it first, and copied from then on.

A filled desk is as new as the code, so it is kept for one run of the tests. A database without a row is what the
migrations make of it, and is kept until one of them changes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drill.ground import EVERYTHING, copy_data

Make = Callable[[Path], None]

_TABLES = Path(__file__).parents[2] / ".pytest_cache" / "d" / "upheld-tables"


def of_this_run(name: str, make: Make, target: Path) -> None:
    """Copy the data directory of that name, which `make` makes where no process of this run has yet."""
    shelf = _shelf(os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid()))
    with _alone(shelf):
        copy_data(_there(shelf / name, make), target, EVERYTHING)


def tables(make: Make, target: Path) -> None:
    """Copy a database server whose one database has every table and no row."""
    with _alone(_TABLES):
        wanted = _TABLES / _migrations()
        for old in _TABLES.iterdir():
            if old.is_dir() and old != wanted:
                shutil.rmtree(old, ignore_errors=True)
        copy_data(_there(wanted, make), target, ("postgres",))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Only who gave out the work knows that nobody needs it any more."""
    if not hasattr(session.config, "workerinput"):
        run = getattr(session.config.pluginmanager.get_plugin("dsession"), "nodemanager", None)
        shutil.rmtree(_shelf(run.testrunuid if run else str(os.getpid())), ignore_errors=True)


def _shelf(run: str) -> Path:
    return Path(tempfile.gettempdir()) / f"upheld-filled-{run}"


@contextmanager
def _alone(shelf: Path) -> Iterator[None]:
    shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _there(kept: Path, make: Make) -> Path:
    if not kept.exists():
        draft = Path(tempfile.mkdtemp(prefix="upheld-making-"))
        half = kept.with_name("half")
        try:
            make(draft)
            shutil.rmtree(half, ignore_errors=True)
            copy_data(draft, half, EVERYTHING)
            half.rename(kept)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return kept


def _migrations() -> str:
    """Changes with the words of every migration, and with the versions of what brings some of its own."""
    from upheld.config.database import fingerprint
    from upheld.config.postgres_program import bundled

    found = hashlib.sha256(f"{fingerprint()} {bundled().version()}".encode())
    for path in sorted((Path(__file__).parents[2] / "src" / "upheld").glob("*/migrations/*")):
        if path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()[:16]
