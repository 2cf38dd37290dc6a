"""Where a lab lies, how it is told from a desk, and what of its surroundings it must not hear of."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

CLOCK = "lab-clock.json"

# What leads to real people, real mail or a real desk's database, and what signs for one.
_OUTSIDE = frozenset({
    "UPHELD_DATABASE_URL",
    "UPHELD_DEMO",
    "UPHELD_EMAIL_BACKEND",
    "UPHELD_EMAIL_URL",
    "UPHELD_FORMER_SECRET_KEYS",
    "UPHELD_FROM_EMAIL",
    "UPHELD_MAIL_WEBHOOKS",
    "UPHELD_MAIL_WEBHOOK_SECRET",
    "UPHELD_SECRET_KEY",
    "UPHELD_TRUSTED_PROXIES",
})  # fmt: skip
_OUTSIDE_TOO = ("UPHELD_ANYMAIL_", "ANYMAIL_")


def lab_of(data_dir: Path) -> Path:
    """The directory of the lab beside a desk's own data."""
    return data_dir / "lab"


def lab_clock(data_dir: Path, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The clock by which this data directory lives, or None where it is no lab's."""
    if environ.get("UPHELD_DATABASE_URL"):
        return None
    clock = data_dir / CLOCK
    return clock if clock.is_file() else None


def enclosed(environ: Mapping[str, str]) -> dict[str, str]:
    """The surroundings of a lab: ours, without what leads out of it."""
    return {
        name: value
        for name, value in environ.items()
        if name not in _OUTSIDE and not name.startswith(_OUTSIDE_TOO)
    }
