"""The real program, started as people start it, with ports and a data directory of its own."""

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
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

PATIENCE = 300.0


class DidNotStart(Exception):  # noqa: N818 - a sentence, not a name
    """The program ended, or does not answer; with what it said."""


class RunningDesk:
    """`upheld serve` (or `demo`): .url, .smtp_port, .data_dir, .pids()."""

    def __init__(
        self,
        command: str = "serve",
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

    def environment(self) -> dict[str, str]:
        """What the program is started with; nothing of the caller's own settings."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("UPHELD_", "DJANGO_"))
        }
        return kept | {
            "UPHELD_DATA_DIR": str(self.data_dir),
            "UPHELD_HTTP_ADDRESS": f"127.0.0.1:{self.http_port}",
            "UPHELD_SMTP_ADDRESS": f"127.0.0.1:{self.smtp_port}",
            # What is pressed happens at once, but where somebody is about to take it back.
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

    def runs(self) -> bool:
        """Whether the program that was started is still there."""
        return self._process is not None and self._process.poll() is None

    def pids(self) -> dict[str, int]:
        """The process ids by name: supervisor, postgres, web, worker, mail."""
        try:
            found: dict[str, int] = json.loads((self.data_dir / "processes.json").read_text())
        except (OSError, ValueError):
            return {}
        return found

    def is_healthy(self) -> bool:
        """Whether it says so itself."""
        with suppress(OSError), urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
        return False

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
            urllib.request.urlopen(self.url, timeout=5).close()
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

    def _wait(self, come: Callable[[], bool], patience: float = PATIENCE) -> None:
        deadline = time.monotonic() + patience
        while not come():
            if not self.runs() or time.monotonic() > deadline:
                said = self.log()
                self.remove()
                raise DidNotStart(f"upheld {self.command} did not come up:\n{said}")
            time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
