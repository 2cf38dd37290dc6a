"""The real program, started as people start it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from harness import kept

PATIENCE = 300.0


class RunningDesk:
    """`upheld demo` (or `serve`) with ports and a data directory of its own."""

    def __init__(
        self,
        command: str = "demo",
        environ: Mapping[str, str] | None = None,
        data_dir: Path | None = None,
    ) -> None:
        self.command = command
        self.data_dir = data_dir or Path(tempfile.mkdtemp(prefix="upheld-desk-"))
        self.http_port, self.smtp_port = free_ports(2)
        self.url = f"http://127.0.0.1:{self.http_port}"
        self.log_file = self.data_dir.with_suffix(".log")
        self._environ = environ or {}
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def filled(cls) -> RunningDesk:
        """A demo whose desks are there already: its data is a copy of what a first start makes."""
        made = cls()
        kept.of_this_run("filled", _fill, made.data_dir)
        return made

    @classmethod
    def migrated(cls, command: str, environ: Mapping[str, str] | None = None) -> RunningDesk:
        """A desk whose tables are there already, and empty."""
        made = cls(command, environ)
        kept.tables(migrate, made.data_dir)
        return made

    def environment(self) -> dict[str, str]:
        """What the program is started with; nothing of the tests' own settings."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("UPHELD_", "DJANGO_"))
        }
        return kept | {
            "UPHELD_DATA_DIR": str(self.data_dir),
            "UPHELD_HTTP_ADDRESS": f"127.0.0.1:{self.http_port}",
            "UPHELD_SMTP_ADDRESS": f"127.0.0.1:{self.smtp_port}",
            # What is pressed happens at once, but where a test is about taking it back.
            "UPHELD_LONGEST_UNDO": "0",
            **self._environ,
        }

    def start(self) -> None:
        """Start the program and wait for its first page, and for all of its processes."""
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "upheld", self.command],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        everybody = {"web", "worker", "mail"}
        self._wait(lambda: self._answers() and everybody <= self.pids().keys() and self._takes_mail())

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop the program, and give its exit status."""
        if self._process is None:
            return 0
        self._process.send_signal(number)
        status = self._process.wait(60)
        self._process = None
        return status

    def remove(self) -> None:
        """Stop it and leave nothing behind."""
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self.stop(signal.SIGKILL)
        shutil.rmtree(self.data_dir, ignore_errors=True)
        self.log_file.unlink(missing_ok=True)

    def pids(self) -> dict[str, int]:
        """The process ids by name: supervisor, postgres, web, worker, mail."""
        try:
            found: dict[str, int] = json.loads((self.data_dir / "processes.json").read_text())
        except (OSError, ValueError):
            return {}
        return found

    def log(self) -> str:
        """What the program has said so far."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def run(
        self, *arguments: str, environ: Mapping[str, str] | None = None, **options: object
    ) -> subprocess.CompletedProcess[bytes]:
        """Run another command on the same desk."""
        return subprocess.run(
            [sys.executable, "-m", "upheld", *arguments],
            env=self.environment() | dict(environ or {}),
            capture_output=True,
            **options,
        )

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(self.url, timeout=5).close()  # noqa: S310
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def _takes_mail(self) -> bool:
        if "UPHELD_SMTP_ADDRESS" in self._environ:
            return True  # wherever that is
        try:
            socket.create_connection(("127.0.0.1", self.smtp_port), timeout=5).close()
        except OSError:
            return False
        return True

    def _wait(self, come: object, patience: float = PATIENCE) -> None:
        deadline = time.monotonic() + patience
        while not come():
            ended = self._process is None or self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                said = self.log()
                self.remove()
                pytest.fail(f"upheld {self.command} did not come up:\n{said}", pytrace=False)
            time.sleep(0.05)


def _fill(data_dir: Path) -> None:
    """Start a demo from nothing, as a newcomer does, and stop it."""
    desk = RunningDesk(data_dir=data_dir)
    desk.start()
    assert desk.stop() == 0
    said = desk.log()
    assert said.count("Making the database") == said.count("Bringing the database up to date") == 1
    assert "Traceback" not in said
    desk.log_file.unlink()


def migrate(data_dir: Path) -> None:
    """Make a database from nothing, and every table in it."""
    desk = RunningDesk("serve", data_dir=data_dir)
    done = desk.run("migrate")
    assert done.returncode == 0, done.stderr.decode()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="session")
def running_desk() -> Iterator[RunningDesk]:
    """One demo desk for the run: .url, .smtp_port, .data_dir, .pids()."""
    desk = RunningDesk.filled()
    desk.start()
    yield desk
    desk.remove()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Show what the desk said when a test with it fails."""
    report = yield
    desk = getattr(item, "funcargs", {}).get("running_desk")
    if report.failed and desk is not None:
        report.sections.append(("the running desk's log", desk.log()[-20_000:]))
    return report
