"""The long-running processes of a desk: what each is started as, and in which surroundings."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from upheld.config.addresses import http_address
from upheld.config.trouble import Trouble

MOST_WORKERS = 16


@dataclass(frozen=True)
class Process:
    """A named program that the supervisor keeps running, or runs once when `keep` is false."""

    name: str
    command: tuple[str, ...]
    patience: float = 10.0
    keep: bool = True


def desk_processes(environ: Mapping[str, str] = os.environ) -> tuple[Process, ...]:
    """Web first: somebody is waiting for it. More than one worker, since each uses one processor at most."""
    further = (
        replace(_ours("worker"), name=f"worker-{number}") for number in range(2, _workers(environ) + 1)
    )
    return (_ours("web", patience=12.0), _ours("worker"), *further, _ours("mail"))


def _workers(environ: Mapping[str, str]) -> int:
    given = environ.get("UPHELD_WORKERS", "")
    if not given:
        return min(os.cpu_count() or 1, 2)
    if not (given.isdecimal() and 1 <= int(given) <= MOST_WORKERS):
        raise Trouble(
            f"UPHELD_WORKERS is “{given}”.", f"Give the number of worker processes, from 1 to {MOST_WORKERS}."
        )
    return int(given)


def surroundings(data_dir: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a child: ours, without what would lead libpq or Python elsewhere."""
    kept = {
        name: value for name, value in environ.items() if not name.startswith(("PG", "PYTHON", "GRANIAN_"))
    }
    # A process of many threads would keep a heap for each of them.
    kept.setdefault("MALLOC_ARENA_MAX", "2")
    kept.setdefault("UPHELD_URL", f"http://{http_address(environ).to_visit()}")
    return kept | {
        "UPHELD_DATA_DIR": str(data_dir),
        "UPHELD_SUPERVISED": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "upheld.config.settings",
        "PYTHONUNBUFFERED": "1",
    }


def _ours(name: str, patience: float = 10.0) -> Process:
    return Process(name, (sys.executable, "-m", "upheld.config.programs", name), patience)
