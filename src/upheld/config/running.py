"""Bringing a desk up, from nothing to its first page."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from upheld.config import child, embedded, paths
from upheld.config.addresses import http_address, require_free, smtp_address
from upheld.config.embedded import EmbeddedPostgres
from upheld.config.lock import hold
from upheld.config.processes import Process, desk_processes, surroundings
from upheld.config.service_account import account_for_postgres
from upheld.config.supervisor import Supervisor, end_leftovers, started_before
from upheld.config.trouble import Trouble

TO_MIGRATE = 3

Say = Callable[[str], None]


@dataclass(frozen=True)
class Show:
    """What a desk of made-up data has besides: surroundings of its own, our command that fills it, the one that says
    how to get in, and further processes."""

    fill: tuple[str, ...]
    announce: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    processes: tuple[Process, ...] = ()

    def surroundings(self) -> dict[str, str]:
        # The announcement is to stay in sight, so only what goes wrong is logged.
        return {"UPHELD_LOG_LEVEL": os.environ.get("UPHELD_LOG_LEVEL", "WARNING"), **self.environ}

    def announcement(self) -> Process:
        return Process("", (sys.executable, "-m", "upheld", *self.announce), keep=False)


def serve_desk(*, say: Say, show: Show | None = None) -> None:
    """Run PostgreSQL (unless one is given), pages, worker and mail listener until told to stop."""
    end_on_signals()
    began = time.monotonic()
    data_dir = paths.data_dir()
    web, smtp, processes = http_address(), smtp_address(), desk_processes()
    own = not os.environ.get("UPHELD_DATABASE_URL")
    if not started_before(data_dir):
        # Nothing of ours can hold a port, so look before anything is made.
        require_free(web)
        require_free(smtp)
    prepare_place(data_dir, own)
    lock = hold(data_dir, "serve.lock")
    try:
        end_leftovers(data_dir)
        require_free(web)
        require_free(smtp)
        postgres = EmbeddedPostgres(data_dir, say=say) if own else None
        if postgres:
            postgres.start()
        env = surroundings(data_dir) | (show.surroundings() if show else {})
        try:
            bring_schema_up(env, say)
            if show:
                run_ours(env, *show.fill)
        except BaseException:
            if postgres:
                postgres.stop()
            raise

        def announce(answered: bool) -> Sequence[Process]:
            if not answered:
                say(f"The pages do not answer yet at {env['UPHELD_URL']}; what went wrong stands above.")
                return []
            say(f"Ready in {time.monotonic() - began:.1f} s at {env['UPHELD_URL']} (Ctrl-C stops it)")
            return [show.announcement()] if show else []

        processes += show.processes if show else ()
        Supervisor(processes, env=env, data_dir=data_dir, postgres=postgres, web=web, on_ready=announce).run()
    finally:
        os.close(lock)


def bring_schema_up(env: Mapping[str, str], say: Say) -> None:
    """Migrate the database unless it is known to fit; a schema newer than this program is refused."""
    # Of a demo or a lab this asks as well whether the database is one.
    if database_status(env) == TO_MIGRATE:
        say("Bringing the database up to date ...")
        run_ours(env, "migrate")


def require_schema(env: Mapping[str, str]) -> None:
    """Refuse to run on a schema that is older or newer than this program."""
    if database_status(env) == TO_MIGRATE:
        run_ours(env, "migrate", "--check")


@contextmanager
def database_running(say: Say) -> Iterator[dict[str, str]]:
    """A database for one command: the given one, the one that runs, or ours for as long as it takes."""
    data_dir = paths.data_dir()
    env = surroundings(data_dir)
    if os.environ.get("UPHELD_DATABASE_URL") or embedded.is_running(data_dir):
        yield env
    else:
        with EmbeddedPostgres(data_dir, say=say):
            yield env


def database_status(env: Mapping[str, str]) -> int:
    """Ask in a process of its own whether database and schema will do; trouble is passed on as told."""
    command = [sys.executable, "-m", "upheld.config.database"]
    done = subprocess.run(command, env=dict(env), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode not in (0, TO_MIGRATE):
        raise Trouble(
            done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "The database check failed."
        )
    return done.returncode


def run_ours(env: Mapping[str, str], *arguments: str) -> None:
    """Run one of our own commands to its end, in a process that dies with us."""
    command = [sys.executable, "-m", "upheld", *arguments]
    parent = os.getpid()

    def tie() -> None:
        child.die_with_parent()
        if os.getppid() != parent:
            os._exit(1)

    done = subprocess.run(command, env=dict(env), check=False, preexec_fn=tie)  # noqa: S603
    if done.returncode != 0:
        # It has said why itself.
        raise SystemExit(done.returncode if done.returncode > 0 else 1)


def prepare_place(data_dir: Path, own: bool) -> None:
    """Make the data directory; where PostgreSQL is our `own`, its user can pass through it."""
    account = account_for_postgres() if own else None
    paths.prepare_data_dir(data_dir, account.gid if account else None)


def end_on_signals() -> None:
    """Let a signal end what is under way in an orderly way; of a start, until the supervisor listens."""

    def end(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
