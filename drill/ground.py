"""The ground on which a desk is tried: a directory of its own, a desk whose promises are short, and its database."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from drill.desk import RunningDesk
from drill.mail_server_outside import MailServerOutside
from drill.short_promises import desk_file
from drill.trouble import Wrong
from upheld.config.embedded import connection_parameters

ADMINISTRATOR = "grace@devices.example.com"
WORKERS = 2
EVERYTHING = ("attachments", "postgres", "secret-key")


@dataclass
class Ground:
    """A desk that is set up, and started by whoever tries it. `at_hand` is what a fault alone needs to know of."""

    desk: RunningDesk
    outside: MailServerOutside
    minutes: int
    password: str
    database: dict[str, str]
    read_clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    sends: bool = True
    at_hand: dict[str, Any] = field(default_factory=dict)

    def connect(self) -> psycopg.Connection[Any]:
        """Ask its database, as a fellow process would."""
        return psycopg.connect(**self.database, autocommit=True, connect_timeout=5)


@contextmanager
def usual(template: Path, outside: MailServerOutside, minutes: int) -> Iterator[Ground]:
    """A desk with its own PostgreSQL in a directory of its own."""
    with directory() as folder, running_on(folder / "data", template, outside, minutes) as ground:
        yield ground


@contextmanager
def directory() -> Iterator[Path]:
    """A place that is gone afterwards. Others may pass through it: PostgreSQL may run as another user."""
    folder = Path(tempfile.mkdtemp(prefix="upheld-drill-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_on(
    data_dir: Path,
    template: Path,
    outside: MailServerOutside,
    minutes: int,
    *,
    environ: Mapping[str, str] | None = None,
    database: dict[str, str] | None = None,
) -> Iterator[Ground]:
    """A desk on this directory, set up and not yet started; stopped and removed at the end, whatever became of it."""
    parts = () if database else EVERYTHING
    copy_data(template, data_dir, parts)
    desk = RunningDesk("serve", surroundings(outside) | dict(environ or {}), data_dir)
    try:
        password = set_up(desk, minutes)
        yield Ground(desk, outside, minutes, password, database or connection_parameters(data_dir))
    finally:
        desk.remove()


def surroundings(outside: MailServerOutside) -> dict[str, str]:
    """The settings of a desk that is tried: two workers, a press that can be taken back, and no limit to how many
    letters of a few made-up people are acknowledged."""
    return {
        "UPHELD_EMAIL_URL": f"smtp://127.0.0.1:{outside.port}",
        "UPHELD_WORKERS": str(WORKERS),
        "UPHELD_LONGEST_UNDO": "2",
        "UPHELD_ACKNOWLEDGEMENTS_AN_ADDRESS": "100000",
        "UPHELD_ACKNOWLEDGEMENTS_AN_ADDRESS_A_DAY": "100000",
        "UPHELD_ACKNOWLEDGEMENTS_A_NETWORK": "100000",
        "UPHELD_ACKNOWLEDGEMENTS_A_DESK": "100000",
    }


def set_up(desk: RunningDesk, minutes: int) -> str:
    """Make the desk as `upheld setup` does, and return its administrator's password."""
    with tempfile.TemporaryDirectory() as folder:
        done = desk.run("setup", "--file", str(desk_file(Path(folder), ADMINISTRATOR, minutes)))
    said = done.stdout.decode()
    shown = re.search(r"Password, shown this once: (\S+)", said)
    if done.returncode != 0 or not shown:
        raise Wrong(f"upheld setup failed: {said}{done.stderr.decode()}")
    return shown[1]


def make_template(folder: Path) -> Path:
    """A data directory with every table and no desk, from which each trial takes a copy."""
    desk = RunningDesk("serve", data_dir=folder)
    done = desk.run("migrate")
    if done.returncode != 0:
        raise Wrong(f"upheld migrate failed: {done.stderr.decode()}")
    return folder


def copy_data(source: Path, target: Path, parts: tuple[str, ...]) -> None:
    """Copy the parts of a data directory, owners and rights included; not what belongs to a place or to a running
    program."""
    target.mkdir(exist_ok=True)
    target.chmod(source.stat().st_mode)
    os.chown(target, source.stat().st_uid, source.stat().st_gid)
    for each in parts:
        if (source / each).exists():
            subprocess.run(["cp", "-a", source / each, target / each], check=True)
