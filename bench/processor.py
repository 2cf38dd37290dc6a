"""What processes cost: their processor time and memory, as /proc tells it."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
# By which word of its command line a process is known.
_KINDS = {
    "parsing": "parsers",
    "multiprocessing": "web",
    "upheld demo": "supervisor",
    "upheld serve": "supervisor",
}


@dataclass(frozen=True, slots=True)
class Watched:
    """The processes of a running desk: those that descend from some pids, PostgreSQL's among them where it is ours to
    see."""

    pids: tuple[int, ...]

    def spent(self) -> dict[str, float]:
        """Return the seconds of processor time that each kind of process has used, children that ended included."""
        return _gathered((_kind(pid), _seconds(pid)) for pid in self.alive())

    def memory(self) -> dict[str, float]:
        """Return the MB of each kind of process (PSS: what is shared is divided among those who share it)."""
        return _gathered((_kind(pid), _pss(pid)) for pid in self.alive())

    def alive(self) -> list[int]:
        return list(dict.fromkeys(pid for root in self.pids for pid in family(root)))


def told(used: dict[str, float]) -> str:
    """What each kind of process uses in words, the largest first."""
    return ", ".join(f"{name} {size:.0f}" for name, size in sorted(used.items(), key=lambda each: -each[1]))


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, look_at = [], [pid]
    while look_at:
        found.append(look_at.pop())
        look_at += parents.get(found[-1], [])
    return found


def server_of(backend: int) -> int | None:
    """Return the pid of the PostgreSQL server of one of its backends, where both run on this machine."""
    fields = _stat(backend)
    return int(fields[1]) if fields and _words(backend)[:1] == ["postgres:"] else None


def _gathered(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for kind, amount in parts:
        found[kind] = found.get(kind, 0.0) + amount
    return found


def _stat(pid: int) -> list[str]:
    """The fields of a process from its state on; none when it is gone."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _seconds(pid: int) -> float:
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) / _TICK if fields else 0.0


def _pss(pid: int) -> float:
    try:
        lines = (Path("/proc") / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


def _words(pid: int) -> list[str]:
    try:
        line = (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return line.replace(b"\0", b" ").decode(errors="replace").split()


def _kind(pid: int) -> str:
    """What a process is, by its command line."""
    words = _words(pid)
    line = " ".join(words)
    if words and "postgres" in words[0]:
        return "postgres"
    if any(word.startswith("upheld.config.") for word in words):
        return words[-1]
    return next((kind for known, kind in _KINDS.items() if known in line), "other")
