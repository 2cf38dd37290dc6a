"""Upheld's own PostgreSQL: made at the first start, kept running, and stopped with the rest.

The server is a child in the foreground that listens on a Unix socket only. This module knows no Django and no
psycopg: the supervisor that uses it is meant to stay small.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from upheld.config import child, cluster
from upheld.config.cluster import CLEAN_ENVIRONMENT, DATABASE, KEEPER, ROLE, Place
from upheld.config.lock import hold, is_held
from upheld.config.paths import SYSTEM_DATA_DIR, prepare_data_dir, private_directory
from upheld.config.postgres_program import bundled
from upheld.config.service_account import account_for_postgres, can_enter, can_run
from upheld.config.trouble import Trouble

LOG_LIMIT = 5_000_000
# Recovery after a crash may take minutes on a large desk; it is waited for as long as the server says so.
START_LIMIT = 60.0
STOP_LIMIT = 60.0


def connection_parameters(data_dir: Path) -> dict[str, str]:
    """How to reach the embedded server of this data directory, whether or not it runs now.

    There is no password: the server asks the kernel who is calling (peer authentication).
    """
    return {"host": str(Place.of(data_dir).sockets), "port": "5432", "user": ROLE, "dbname": DATABASE}


def is_running(data_dir: Path) -> bool:
    """Whether a server of this data directory is held by some process now."""
    return is_held(data_dir / "postgres.lock")


class EmbeddedPostgres:
    """One running server over one data directory, owned by this process alone."""

    def __init__(
        self,
        data_dir: Path,
        *,
        settings: Mapping[str, str] | None = None,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.data_dir = data_dir
        self._settings = settings or {}
        self._say = say
        self._lock: int | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._account: child.Account | None = None
        self._program = bundled()
        self.place = Place.of(data_dir)
        self.started_at = 0.0

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._child.pid if self.alive() and self._child else None

    def start(self) -> None:
        """Bring the server up and make its database, or say in one line why that cannot be."""
        self.prepare()
        try:
            self.launch()
            self.wait_until_ready()
            self._ensure_database()
        except BaseException:
            self.stop()
            raise

    def prepare(self) -> None:
        """Take the data directory, make the cluster at the first start, and clear away what a crash left."""
        self._account = account_for_postgres()
        prepare_data_dir(self.data_dir, self._account.gid if self._account else None)
        self._lock = hold(self.data_dir, "postgres.lock")
        try:
            self._settle_place()
            if not self.place.cluster.exists():
                self._say("Making the database ...")
                cluster.make_cluster(self._program, self.place, self._account)
            cluster.refuse_other_version(self._program, self.place)
            private_directory(self.place.sockets, self._account.uid if self._account else None)
            cluster.configure(self.place, self._account, self._settings)
            self.place.record(self.data_dir)
            _end_leftover(self.place.cluster)
        except BaseException:
            self._release_lock()
            raise

    def launch(self) -> None:
        """Start the server process; it is not yet ready. Also used after it was killed."""
        self.started_at = time.monotonic()
        self.trim_log()
        _forget_dead(self.place.cluster)
        descriptor = os.open(self.place.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._child = child.spawn(
                [self._program["postgres"], "-D", self.place.cluster],
                env=CLEAN_ENVIRONMENT,
                output=descriptor,
                account=self._account,
                death_signal=signal.SIGINT,
                cwd=Path("/"),
            )
        finally:
            os.close(descriptor)

    def alive(self) -> bool:
        """Whether the server process runs."""
        return self._child is not None and self._child.poll() is None

    def ready(self) -> bool:
        """Whether the server lets us in."""
        return self._ask("select 1").returncode == 0

    def wait_until_ready(self) -> None:
        """Wait for the first connection that succeeds; a server that dies while starting is started again."""
        deadline = time.monotonic() + START_LIMIT
        while not self.ready():
            if not self.alive():
                self._relaunch_or_give_up(deadline)
            elif time.monotonic() > deadline and not self._recovering():
                raise Trouble(f"PostgreSQL did not become ready. Its log is {self.place.log}.")
            time.sleep(0.03)

    def stop(self) -> None:
        """Stop the server cleanly: open transactions are rolled back, everything committed is on disk."""
        if self._child is not None:
            child.stop(self._child, first=signal.SIGINT, patience=STOP_LIMIT)
            self._child = None
        self._release_lock()

    def trim_log(self) -> None:
        """Keep the log within bounds: at most one older part of the same size."""
        # Before there is a log, and on a full disk, it stays as it is.
        with suppress(OSError):
            if self.place.log.stat().st_size > LOG_LIMIT:
                shutil.copyfile(self.place.log, self.place.log.with_suffix(".log.1"))
                self.place.log.with_suffix(".log.1").chmod(0o600)
                os.truncate(self.place.log, 0)

    def _release_lock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _settle_place(self) -> None:
        """The cluster lies: where it was, else in the data directory, else where its user can go."""
        reachable = can_enter(self._account, self.data_dir)
        readable = can_run(self._account, self._program["postgres"])
        home = self.data_dir
        if not (reachable and readable):
            home = _system_home(self.data_dir, self._account)
        if not readable:
            self._program = self._program.copy_to(home / f"postgresql-{self._program.version()}")
        recorded = Place.recorded(self.data_dir)
        if recorded and recorded.cluster.exists():
            self.place = recorded
            return
        self.place = Place.within(self.data_dir if reachable else home, self.data_dir, self._account)
        if home != self.data_dir:
            self._say(
                f"The system user {self._account and self._account.name!r} runs PostgreSQL from {home}."
            )

    def _ensure_database(self) -> None:
        """Make the role and the database of the desk: an ordinary role, as on any other PostgreSQL."""
        if self._ask("select 1", role=ROLE, database=DATABASE).returncode == 0:
            return
        self._order(f"create role {ROLE} login createdb", unless="already exists")
        self._order(f"create database {DATABASE} owner {ROLE}", unless="already exists")

    def _order(self, statement: str, unless: str) -> None:
        done = self._ask(statement)
        if done.returncode != 0 and unless not in done.stderr:
            raise Trouble(f"PostgreSQL refused to {statement.split(' ', 1)[0]}: {done.stderr.strip()}")

    def _ask(
        self, statement: str, *, role: str = KEEPER, database: str = "postgres"
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [self._program["psql"], "-XAtq", "-U", role, "-d", database, "-c", statement],
            env={**CLEAN_ENVIRONMENT, "PGHOST": str(self.place.sockets), "PGPORT": "5432"},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    def _recovering(self) -> bool:
        return "is starting up" in self._ask("select 1").stderr

    def _relaunch_or_give_up(self, deadline: float) -> None:
        # What a killed server left behind - its shared memory, its last backends - goes away within moments.
        if time.monotonic() > deadline or not _worth_another_try(self.place.log):
            raise Trouble(f"PostgreSQL does not start: {_last_words(self.place.log)}")
        time.sleep(0.1)
        self.launch()


def _system_home(data_dir: Path, account: child.Account | None) -> Path:
    if not SYSTEM_DATA_DIR.exists():
        prepare_data_dir(SYSTEM_DATA_DIR, account.gid if account else None)
    home = SYSTEM_DATA_DIR / cluster.short_name(data_dir)
    home.mkdir(mode=0o755, exist_ok=True)
    return home


def _worth_another_try(log: Path) -> bool:
    last = _last_words(log)
    return "shared memory block" in last or "lock file" in last


def _last_words(log: Path) -> str:
    with suppress(OSError):
        lines = log.read_text(errors="replace").splitlines()
        serious = [line for line in lines[-20:] if "FATAL" in line or "PANIC" in line]
        return (serious or lines or ["it left no word"])[-1]
    return "it left no word"


def _recorded_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _is_server_of(pid: int, data: Path) -> bool:
    """Whether this process is the server of this cluster, rather than an innocent one that got its number."""
    process = Path("/proc") / str(pid)
    if not Path("/proc/self").exists():
        command = ["/bin/ps", "-o", "command=", "-p", str(pid)]
        told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        return str(data) in told.stdout
    try:
        return (process / "cwd").readlink() == data.resolve() and (
            process / "comm"
        ).read_text() == "postgres\n"
    except OSError:
        return False


def _forget_dead(data: Path) -> None:
    """Remove the pid file of a server that is gone: its number may belong to another process by now."""
    pid = _recorded_pid(data)
    if pid is None or not _is_server_of(pid, data):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _end_leftover(data: Path) -> None:
    """End a server whose owner was killed. We hold the lock, so nobody uses it."""
    pid = _recorded_pid(data)
    for sent in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        deadline = time.monotonic() + 10
        while pid is not None and _is_server_of(pid, data):
            if time.monotonic() > deadline:
                break
            with suppress(ProcessLookupError):
                os.kill(pid, sent)
            time.sleep(0.05)
