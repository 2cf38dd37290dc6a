"""Where a run keeps what it makes: a directory and databases of its own, gone afterwards unless somebody wants to keep
them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.databases import OURS, Server

# For pages that a run asks for over HTTP on this machine; it protects nothing else.
_SECRET_KEY = "for-the-bench-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Places:
    """`folder` is for what a run writes; `keeps` says that the databases stay when it ends."""

    folder: Path
    server: Server
    keeps: bool

    def surroundings(self) -> dict[str, str]:
        """What a program needs so that a session which we begin is one that it knows."""
        return {"UPHELD_SECRET_KEY": _SECRET_KEY, "UPHELD_LOG_LEVEL": "WARNING"}


@contextmanager
def places(data_dir: Path | None = None, *, keeps: bool = False) -> Iterator[Places]:
    """Prepare Django for the bench's databases: on the PostgreSQL that UPHELD_DATABASE_URL names, else on one of the
    bench's own, which lies in `data_dir` and stays there, or is made for this run alone."""
    given = os.environ.get("UPHELD_DATABASE_URL", "")
    folder = Path(tempfile.mkdtemp(prefix="upheld-bench-"))
    folder.chmod(0o711)
    (folder / "desk" / "static").mkdir(parents=True, mode=0o700)  # else the static files' middleware warns
    home = (data_dir or folder / "desk").absolute()
    os.environ["UPHELD_DATA_DIR"] = str(home)
    os.environ["UPHELD_SECRET_KEY"] = _SECRET_KEY
    os.environ["DJANGO_SETTINGS_MODULE"] = "upheld.config.settings"
    os.environ["UPHELD_LOG_LEVEL"] = "WARNING"
    os.environ.pop("UPHELD_DEMO", None)
    try:
        with _running(given, home):
            server = Server(given, home)
            yield Places(folder, server, keeps)
            if given or data_dir:
                for name in OURS[1:] if keeps else OURS:
                    server.drop(name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(given: str, home: Path) -> Iterator[None]:
    from upheld.config.embedded import EmbeddedPostgres, is_running

    if given or is_running(home):
        yield
        return
    with EmbeddedPostgres(home):
        yield
