"""`upheld doctor`: is everything well?"""

from __future__ import annotations

import time
from typing import Any

import typer

from upheld.config.trouble import Trouble

LARGEST_SKEW = 2.0


def add(app: typer.Typer) -> None:
    """Add `upheld doctor`."""
    app.command()(doctor)


def doctor() -> None:
    """Look at everything that can be wrong, and say what to do about it. Exits with 1 when something is."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    checks = _look()
    table = Table("", "What", "Found", "What to do", show_edge=False)
    for check in checks:
        remedy = "" if check[1] else check[3]
        table.add_row(Text("ok" if check[1] else "BAD"), Text(check[0]), Text(check[2]), Text(remedy))
    Console().print(table)
    if not all(check[1] for check in checks):
        raise typer.Exit(1)


def _look() -> list[tuple[str, bool, str, str]]:
    from upheld.config.database import connection

    try:
        with connection() as opened:
            version = opened.info.server_version
            own = [
                ("database", True, f"PostgreSQL {version // 10_000}.{version % 10_000}", ""),
                _schema(opened),
                _skew(opened),
            ]
    except Trouble as trouble:
        return [("database", False, trouble.message, trouble.remedy)]
    return own + (_inside() if own[1][1] else [])


def _schema(opened: Any) -> tuple[str, bool, str, str]:
    from upheld.config.commands.database import _migrate
    from upheld.config.database import Fit, fit

    try:
        if fit(opened) != Fit.FITS:
            _migrate(check=True)
    except Trouble as trouble:
        return ("schema", False, trouble.message, trouble.remedy)
    return ("schema", True, "up to date", "")


def _skew(opened: Any) -> tuple[str, bool, str, str]:
    before = time.time()
    theirs = float(opened.execute("select extract(epoch from clock_timestamp())").fetchone()[0])
    after = time.time()
    skew = max(before - theirs, theirs - after, 0.0)
    return (
        "clocks",
        skew <= LARGEST_SKEW,
        f"this machine and the database differ by {skew:.1f} s",
        "Synchronise both clocks (NTP).",
    )


def _inside() -> list[tuple[str, bool, str, str]]:
    import django

    django.setup()
    from upheld.worker.health import checks

    return [(check.name, check.ok, check.detail, check.remedy) for check in checks()]
