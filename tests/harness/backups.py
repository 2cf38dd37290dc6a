"""Backups to work with: those that are kept of each release, places to restore them to, and damaged copies."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from harness.desk import RunningDesk
from upheld.config.embedded import EmbeddedPostgres, connection_parameters

KEPT = Path(__file__).parents[1] / "upgrades"


def kept() -> list[Path]:
    """The backup of each release, the oldest first."""
    return sorted(
        KEPT.glob("*.zip"), key=lambda path: [int(part) for part in path.stem.split(".") if part.isdigit()]
    )


class Machine:
    """A machine with nothing on it but the program and a data directory."""

    def __init__(self, data_dir: Path, environ: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self._desk = RunningDesk("serve", environ, data_dir)

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a command on it."""
        return subprocess.run(
            [sys.executable, "-m", "upheld", *map(str, arguments)],
            env=self._desk.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, statement: str, database: str = "upheld") -> list[Any]:
        """The first column of what the embedded database answers."""
        with EmbeddedPostgres(self.data_dir):
            at = connection_parameters(self.data_dir) | {"dbname": database}
            with psycopg.connect(**at, autocommit=True) as opened:
                found = opened.execute(statement)
                return [row[0] for row in found] if found.description else []


@contextmanager
def new_machine() -> Iterator[Machine]:
    """One of them, for as long as it is needed; where the system user of PostgreSQL can go."""
    data_dir = Path(tempfile.mkdtemp(prefix="upheld-machine-"))
    try:
        yield Machine(data_dir)
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)


def altered(path: Path, target: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """A copy of a backup whose manifest says something else."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "manifest.json":
                said = json.loads(content)
                change(said)
                content = json.dumps(said).encode()
            copy.writestr(name, content)
    return target


def without_files(path: Path, target: Path) -> Path:
    """A copy of a backup from a desk that had lost the files of its messages."""
    empty = bytes(10_240)  # a tar of nothing
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "attachments.tar":
                content = empty
            elif name == "manifest.json":
                said = json.loads(content)
                digest = hashlib.sha256(empty).hexdigest()
                said["pieces"]["attachments.tar"] = {"size": len(empty), "sha256": digest}
                content = json.dumps(said).encode()
            copy.writestr(name, content)
    return target


def piece(path: Path, name: str) -> bytes:
    """The content of one piece of a backup."""
    with zipfile.ZipFile(path) as pieces:
        return pieces.read(name)


def files_in(path: Path) -> dict[str, bytes]:
    """The files of messages in a backup, by the names under which they are stored."""
    with tarfile.open(fileobj=io.BytesIO(piece(path, "attachments.tar"))) as packed:
        return {name: packed.extractfile(name).read() for name in packed.getnames()}
