"""Kills the processes of one desk, any of them at any instant."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from drill.desk import RunningDesk
from drill.trouble import Wrong

# The supervisor's own processes, and what those have started.
VICTIMS = (
    "web",
    "worker",
    "worker-2",
    "mail",
    "postgres",
    "server of pages",
    "parser",
    "server of one connection",
)


class Killer:
    """Sends SIGKILL. `killed` tells whom, in order; the same seed chooses alike."""

    def __init__(self, desk: RunningDesk, seed: int, victims: Sequence[str] = VICTIMS) -> None:
        self.killed: list[str] = []
        self._desk = desk
        self._dice = random.Random(seed)
        self._victims = victims
        self._to_come: list[str] = []

    def rage(self, seconds: float, *, pauses: tuple[float, float]) -> None:
        """Kill one after another, everybody about equally often."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            time.sleep(self._dice.uniform(*pauses))
            self.kill_one()

    def kill_one(self) -> None:
        """Kill the next one, if it lives."""
        victim = self._next_victim()
        if not self._kill(victim):
            self._to_come.insert(0, victim)  # it is down already: once more when it is back

    def _next_victim(self) -> str:
        if not self._to_come:
            self._to_come = list(self._victims)
            self._dice.shuffle(self._to_come)
        return self._to_come.pop()

    def _kill(self, victim: str) -> bool:
        found = self._pids(victim)
        if not found:
            return False
        try:
            os.kill(self._dice.choice(found), signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.killed.append(victim)
        return True

    def _pids(self, victim: str) -> list[int]:
        pids = self._desk.pids()
        if not self._desk.runs():
            raise Wrong("the supervisor is gone")
        ours = children(pids["supervisor"])
        inner = {"server of pages": "web", "parser": "worker", "server of one connection": "postgres"}
        pid = pids.get(inner.get(victim, victim))
        # What is written down may be a moment old: only the supervisor's living children are killed.
        if pid not in ours:
            return []
        if victim == "server of one connection":
            return [each for each in children(pid) if b"[local]" in command_line(each)]
        return children(pid) if victim in inner else [pid]


def children(pid: int) -> list[int]:
    """The processes that one has started, by any of its threads."""
    found: list[int] = []
    for task in _tasks(pid):
        with suppress(OSError):
            found += map(int, (task / "children").read_text().split())
    return found


def descendants(pid: int) -> list[int]:
    """A process and everything below it."""
    return [pid, *(one for child in children(pid) for one in descendants(child))]


def command_line(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _tasks(pid: int) -> list[Path]:
    with suppress(OSError):
        return list(Path(f"/proc/{pid}/task").iterdir())
    return []
