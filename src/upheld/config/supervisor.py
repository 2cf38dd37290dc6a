"""Keeps the processes of a desk running: starts them, restarts those that die, and stops them all in order.

It knows no Django, so that it stays small and survives what happens to them.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from upheld.config import child
from upheld.config.addresses import Address
from upheld.config.embedded import EmbeddedPostgres
from upheld.config.processes import Process
from upheld.config.readiness import Readiness

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
# A process that ran this long is taken to have been well: its next restart is prompt again.
WELL_AFTER = 20.0
# The others wait for the first page, but not for ever: mail is accepted even when the pages are broken.
LONGEST_WAIT_FOR_WEB = 15.0


class Kept:
    """One process under supervision."""

    def __init__(self, process: Process, env: Mapping[str, str], lines: selectors.BaseSelector) -> None:
        self.process = process
        self.name = process.name
        self._env = env
        self._lines = lines
        self._child: subprocess.Popen[bytes] | None = None
        self._pending = b""
        self.started_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child and self._child.returncode is None else None

    def start(self) -> None:
        self.started_at = time.monotonic()
        self._child = child.spawn(self.process.command, env=self._env, output=subprocess.PIPE)
        if self._child.stdout is not None:
            os.set_blocking(self._child.stdout.fileno(), False)
            self._lines.register(self._child.stdout, selectors.EVENT_READ, self)

    def died(self) -> int | None:
        """The exit status if it ended since the last look, and nothing is left of it."""
        if self._child is None or self._child.poll() is None:
            return None
        status = self._child.returncode
        child.kill_group(self._child)
        self._forget()
        return status

    def stop(self) -> bool:
        if self._child is None:
            return True
        willing = child.stop(self._child, patience=self.process.patience)
        self._forget()
        return willing

    def read_lines(self) -> list[str]:
        """The whole lines that it has written since the last look."""
        if self._child is None or self._child.stdout is None:
            return []
        with suppress(BlockingIOError):
            fresh = os.read(self._child.stdout.fileno(), 65536)
            if not fresh:
                self._lines.unregister(self._child.stdout)
                return self._take_lines(b"\n" if self._pending else b"")
            return self._take_lines(fresh)
        return []

    def _take_lines(self, fresh: bytes) -> list[str]:
        *whole, self._pending = (self._pending + fresh).split(b"\n")
        if len(self._pending) > 65536:
            whole.append(self._pending)
            self._pending = b""
        return [line.decode(errors="replace").rstrip("\r") for line in whole]

    def _forget(self) -> None:
        if self._child and self._child.stdout:
            with suppress(KeyError):
                self._lines.unregister(self._child.stdout)
            self._child.stdout.close()
        self._child = None
        self._pending = b""


class Supervisor:
    """Runs PostgreSQL (when it is ours) and the processes of one desk until it is told to stop."""

    def __init__(
        self,
        processes: Sequence[Process],
        *,
        env: Mapping[str, str],
        data_dir: Path,
        postgres: EmbeddedPostgres | None = None,
        web: Address | None = None,
        on_ready: Callable[[bool], Sequence[Process]] = lambda answered: (),
        out: TextIO | None = None,
    ) -> None:
        self._selector = selectors.DefaultSelector()
        self._env = env
        self._kept = [Kept(process, env, self._selector) for process in processes]
        self._data_dir = data_dir
        self._postgres = postgres
        self._web = web
        self._on_ready = on_ready
        self._out = out or sys.stdout
        self._stopping = False
        self._due: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        self._is_recorded = True

    def run(self) -> None:
        """Start everything, keep it running, and return when all of it has stopped."""
        end_leftovers(self._data_dir)
        wake, woken = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(woken, False)
        before = self._listen_to_signals(woken)
        self._selector.register(wake, selectors.EVENT_READ, None)
        try:
            self._start_all(wake)
            while not self._stopping:
                self._step(wake)
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(-1)
            self._selector.close()
            os.close(wake)
            os.close(woken)

    def say(self, line: str, name: str = "upheld") -> None:
        """One line of output, with the name of who says it."""
        # Nobody may be listening any more; that is no reason to stop serving.
        with suppress(OSError, ValueError):
            self._out.write(f"{name:<8} | {line}\n" if name else f"{line}\n")
            self._out.flush()

    def _start_all(self, wake: int) -> None:
        first, *others = self._kept
        first.start()
        self._record()
        answered = self._await_web(wake)
        for kept in others:
            if not self._stopping:
                kept.start()
        self._record()
        if not self._stopping:
            self._start_once(self._on_ready(answered))

    def _start_once(self, processes: Sequence[Process]) -> None:
        for process in processes:
            kept = Kept(process, self._env, self._selector)
            self._kept.append(kept)
            kept.start()

    def _await_web(self, wake: int) -> bool:
        if self._web is None:
            return True
        answer = Readiness(self._web)
        deadline = time.monotonic() + LONGEST_WAIT_FOR_WEB
        while not self._stopping and time.monotonic() < deadline:
            if answer.came():
                return True
            self._step(wake, longest=0.05)
        return False

    def _step(self, wake: int, longest: float = 1.0) -> None:
        pause = min([longest, *(due - time.monotonic() for due in self._due.values())])
        for key, _ in self._selector.select(max(pause, 0)):
            if key.data is None:
                with suppress(BlockingIOError):
                    os.read(wake, 512)
            else:
                self._relay(key.data)
        if not self._stopping:
            self._look_after_postgres()
            self._look_after_processes()
            if not self._is_recorded:
                self._record()

    def _relay(self, kept: Kept) -> None:
        for line in kept.read_lines():
            self.say(line, kept.name)

    def _look_after_processes(self) -> None:
        now = time.monotonic()
        for kept in list(self._kept):
            self._relay_rest(kept)
            status = kept.died()
            if status is not None:
                self._note_death(kept, status)
            elif self._due.get(kept.name, now + 1) <= now:
                del self._due[kept.name]
                kept.start()
                self._record()

    def _relay_rest(self, kept: Kept) -> None:
        if kept.pid is None:
            self._relay(kept)

    def _note_death(self, kept: Kept, status: int) -> None:
        if not kept.process.keep:
            self._kept.remove(kept)
            return
        self.say(f"{kept.name} {_how(status)}; starting it again")
        self._due[kept.name] = time.monotonic() + self._next_pause(kept.name, kept.started_at)

    def _look_after_postgres(self) -> None:
        if self._postgres is None:
            return
        now = time.monotonic()
        if not self._postgres.alive() and "postgres" not in self._due:
            self.say("PostgreSQL ended; starting it again")
            self._due["postgres"] = now + self._next_pause("postgres", self._postgres.started_at)
        elif self._due.get("postgres", now + 1) <= now:
            del self._due["postgres"]
            self._postgres.launch()
            self._record()
        self._postgres.trim_log()

    def _next_pause(self, name: str, started_at: float) -> float:
        if time.monotonic() - started_at > WELL_AFTER:
            self._pauses.pop(name, None)
        pause = self._pauses.get(name, FIRST_PAUSE)
        self._pauses[name] = min(pause * 2, LONGEST_PAUSE)
        return pause

    def _stop_all(self) -> None:
        for kept in reversed(self._kept):
            if not kept.stop():
                self.say(f"{kept.name} did not stop in {kept.process.patience:.0f} s and was killed")
        if self._postgres is not None:
            self._postgres.stop()
        (self._data_dir / "processes.json").unlink(missing_ok=True)

    def _listen_to_signals(self, woken: int) -> dict[int, Any]:
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        before: dict[int, Any] = {}
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            before[number] = signal.signal(number, self._stop_soon)
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        return before

    def _stop_soon(self, number: int, frame: object) -> None:
        if not self._stopping:
            self._stopping = True
            self.say("stopping")

    def _record(self) -> None:
        """Write down who runs, for the next start if we are killed, and for whoever looks."""
        pids = {kept.name: kept.pid for kept in self._kept if kept.pid and kept.process.keep}
        if self._postgres is not None and self._postgres.pid:
            pids["postgres"] = self._postgres.pid
        text = json.dumps({"supervisor": os.getpid(), **pids})
        self._is_recorded = False
        draft = self._data_dir / ".processes.json"
        # On a full disk the desk goes on; written down it is when there is room again.
        with suppress(OSError):
            draft.write_text(text)
            draft.replace(self._data_dir / "processes.json")
            self._is_recorded = True


def started_before(data_dir: Path) -> bool:
    """Whether a supervisor runs on this data directory, or one was killed there."""
    return (data_dir / "processes.json").exists()


def end_leftovers(data_dir: Path) -> None:
    """Kill what an earlier supervisor, itself killed, may have left; the desk's lock must be held."""
    try:
        recorded: dict[str, int] = json.loads((data_dir / "processes.json").read_text())
    except (OSError, ValueError):
        return
    mark = f"UPHELD_SUPERVISED={data_dir}".encode()
    for pid in recorded.values():
        with suppress(OSError):
            if mark in (Path("/proc") / str(pid) / "environ").read_bytes().split(b"\0"):
                os.killpg(pid, signal.SIGKILL)


def _how(status: int) -> str:
    if status < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"
