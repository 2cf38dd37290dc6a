"""Mail that waits for a person: `upheld mail list|show|retry|release|discard`."""

from __future__ import annotations

import typer


def add(group: typer.Typer) -> None:
    """Add the commands to `upheld mail`."""
