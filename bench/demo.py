"""A whole demo as a newcomer starts it - supervisor, PostgreSQL, pages, worker, mail - in a place of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psycopg

from upheld.config.embedded import connection_parameters

_LONGEST_START = 180.0


class NotStarted(Exception):  # noqa: N818 - it reads as the sentence it is
    """The demo did not start."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo; `started_in` is how long it took to its first page."""

    pid: int
    url: str
    smtp: tuple[str, int]
    data_dir: Path
    database_url: str
    started_in: float

    def connect(self) -> psycopg.Connection[Any]:
        """A connection of our own to its database."""
        if self.database_url:
            return psycopg.connect(self.database_url, autocommit=True)
        return psycopg.connect(**connection_parameters(self.data_dir), autocommit=True)


@contextmanager
def running(data_dir: Path, database_url: str) -> Iterator[Demo]:
    """Start the demo, hand it over when its first page answers, and stop it."""
    http, smtp = _free_port(), _free_port()
    kept = ("UPHELD_WORKERS",)
    env = {
        name: value for name, value in os.environ.items() if name in kept or not name.startswith("UPHELD_")
    }
    env |= {
        "UPHELD_DATA_DIR": str(data_dir),
        "UPHELD_HTTP_ADDRESS": f"127.0.0.1:{http}",
        "UPHELD_SMTP_ADDRESS": f"127.0.0.1:{smtp}",
    }
    if database_url:
        env["UPHELD_DATABASE_URL"] = database_url
    log = data_dir.with_suffix(".log")
    with log.open("ab") as output:
        began = perf_counter()
        command = [sys.executable, "-m", "upheld", "demo"]
        process = subprocess.Popen(command, env=env, stdout=output, stderr=output)  # noqa: S603
    try:
        url = f"http://127.0.0.1:{http}/"
        _wait(process, url, log)
        taken = perf_counter() - began
        yield Demo(process.pid, url, ("127.0.0.1", smtp), data_dir, database_url, taken)
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = perf_counter() + _LONGEST_START
    while not _answers(url):
        if process.poll() is not None or perf_counter() > deadline:
            lines = log.read_text(errors="replace").strip().splitlines()
            raise NotStarted(lines[-1][:160] if lines else "it left no word")
        sleep(0.02)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - an address of ours
            return bool(answer.status == 200)
    except HTTPError as answer:
        return answer.code < 500
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
