"""What the desk makes of one mail: `upheld mail parse`."""

from __future__ import annotations

import typer


def add(group: typer.Typer) -> None:
    """Add the commands to `upheld mail`."""
