"""The long-running processes of a desk: what each is started as, and in which surroundings."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from upheld.config.addresses import http_address


@dataclass(frozen=True)
class Process:
    """A named program that the supervisor keeps running, or runs once when `keep` is false."""

    name: str
    command: tuple[str, ...]
    patience: float = 10.0
    keep: bool = True


def desk_processes() -> tuple[Process, ...]:
    """Web first: somebody is waiting for it."""
    return (_ours("web", patience=12.0), _ours("worker"), _ours("mail"))


def surroundings(data_dir: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a child: ours, without what would lead libpq or Python elsewhere."""
    kept = {
        name: value for name, value in environ.items() if not name.startswith(("PG", "PYTHON", "GRANIAN_"))
    }
    kept.setdefault("UPHELD_URL", f"http://{http_address(environ).to_visit()}")
    return kept | {
        "UPHELD_DATA_DIR": str(data_dir),
        "UPHELD_SUPERVISED": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "upheld.config.settings",
        "PYTHONUNBUFFERED": "1",
    }


def _ours(name: str, patience: float = 10.0) -> Process:
    return Process(name, (sys.executable, "-m", "upheld.config.programs", name), patience)
