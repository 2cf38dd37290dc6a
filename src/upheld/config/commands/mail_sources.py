"""Accounts from which mail is fetched: `upheld mail source ...`."""

from __future__ import annotations

import typer


def add(group: typer.Typer) -> None:
    """Add the commands to `upheld mail`."""
