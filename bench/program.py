"""The whole program as somebody starts it - supervisor, pages, workers, mail - and stopped again."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psycopg

from bench.processor import Watched, server_of
from upheld.config.embedded import connection_parameters

_LONGEST_START = 600.0
# What a run may be told about the program that it measures.
_KEPT = ("UPHELD_WORKERS",)


class NotStarted(Exception):  # noqa: N818 - it reads as the sentence it is
    """The program did not start."""


@dataclass(frozen=True, slots=True)
class Program:
    """A running desk; `started_in` is how long it took to its first page. It has a PostgreSQL of its own where no
    `database_url` is given."""

    pid: int
    http: tuple[str, int]
    smtp: tuple[str, int]
    data_dir: Path
    database_url: str
    started_in: float

    @property
    def url(self) -> str:
        return f"http://{self.http[0]}:{self.http[1]}"

    def connect(self) -> psycopg.Connection[Any]:
        """A connection of our own to its database."""
        if self.database_url:
            return psycopg.connect(self.database_url, autocommit=True)
        return psycopg.connect(**connection_parameters(self.data_dir), autocommit=True)

    def watched(self) -> Watched:
        """All of its processes; those of a given PostgreSQL too, where it runs on this machine."""
        if not self.database_url:
            return Watched((self.pid,))
        with self.connect() as opened:
            server = server_of(opened.info.backend_pid)
        return Watched((self.pid,) if server is None else (self.pid, server))


@contextmanager
def running(
    command: str, data_dir: Path, database_url: str = "", *, log: Path, more: Mapping[str, str] | None = None
) -> Iterator[Program]:
    """Start `upheld serve` or `upheld demo`, hand it over when its first page answers, and stop it."""
    http, smtp = ("127.0.0.1", _free_port()), ("127.0.0.1", _free_port())
    env = _outer_surroundings() | {
        "UPHELD_DATA_DIR": str(data_dir),
        "UPHELD_HTTP_ADDRESS": f"{http[0]}:{http[1]}",
        "UPHELD_SMTP_ADDRESS": f"{smtp[0]}:{smtp[1]}",
        **(more or {}),
    }
    if database_url:
        env["UPHELD_DATABASE_URL"] = database_url
    with log.open("ab") as output:
        began = perf_counter()
        words = [sys.executable, "-m", "upheld", command]
        process = subprocess.Popen(words, env=env, stdout=output, stderr=output)  # noqa: S603
    try:
        _wait(process, f"http://{http[0]}:{http[1]}/", log)
        yield Program(process.pid, http, smtp, data_dir, database_url, perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()


def _outer_surroundings() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if name in _KEPT or not name.startswith("UPHELD_")
    }


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = perf_counter() + _LONGEST_START
    while not _answers(url):
        ended = process.poll() is not None
        if ended or perf_counter() > deadline:
            lines = log.read_text(errors="replace").strip().splitlines()
            last = lines[-1][:160] if lines else "it left no word"
            raise NotStarted(last if ended else f"no page within {_LONGEST_START:.0f} s; it said: {last}")
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
