"""Running a desk: all of it, or one process of it."""

from __future__ import annotations

import os

import typer

from upheld.config import paths
from upheld.config.trouble import Trouble


def add(app: typer.Typer) -> None:
    """Add the commands that run until they are stopped."""
    app.command()(serve)
    app.command()(web)
    app.command()(worker)


def serve() -> None:
    """Run the whole desk: database (unless UPHELD_DATABASE_URL names one), pages, worker, mail."""
    from upheld.config.running import serve_desk

    serve_desk(say=typer.echo)


def web() -> None:
    """Run the pages alone (UPHELD_HTTP_ADDRESS, 127.0.0.1:8000 by default)."""
    from upheld.config.addresses import http_address, require_free
    from upheld.config.programs import run_web

    require_free(http_address())
    require_database()
    run_web()


def worker() -> None:
    """Run the worker alone: it turns mail into tickets, watches due times and sends notices."""
    from upheld.config.programs import run_worker

    require_database()
    run_worker()


def require_database() -> None:
    """Refuse to run apart from `serve` without a database, or on a schema that does not fit."""
    from upheld.config import embedded
    from upheld.config.processes import surroundings
    from upheld.config.running import require_schema

    data_dir = paths.data_dir()
    if not os.environ.get("UPHELD_DATABASE_URL") and not embedded.is_running(data_dir):
        raise Trouble(
            f"No database runs for {data_dir}.",
            "Start `upheld serve`, or set UPHELD_DATABASE_URL to a PostgreSQL of your own.",
        )
    require_schema(surroundings(data_dir))
