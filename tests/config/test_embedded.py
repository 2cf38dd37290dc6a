"""The embedded PostgreSQL keeps what it accepted, comes back when killed, and lets nobody else in."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from upheld.config import embedded
from upheld.config.cluster import Place
from upheld.config.embedded import EmbeddedPostgres, connection_parameters
from upheld.config.postgres_program import bundled
from upheld.config.trouble import Trouble

pytestmark = pytest.mark.processes
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def ask(data_dir: Path, statement: str) -> object:
    with psycopg.connect(**connection_parameters(data_dir), autocommit=True) as opened:
        row = opened.execute(statement)
        return row.fetchone()[0] if row.description else None


def test_the_first_start_makes_an_ordinary_role_and_its_database(postgres: EmbeddedPostgres) -> None:
    assert ask(postgres.data_dir, "select current_database()") == "upheld"
    assert ask(postgres.data_dir, "select rolsuper from pg_roles where rolname = current_user") is False
    assert ask(postgres.data_dir, "select pg_encoding_to_char(encoding) from pg_database limit 1") == "UTF8"
    assert ask(postgres.data_dir, "show data_checksums") == "on"
    assert ask(postgres.data_dir, "show fsync") == "on"
    assert ask(postgres.data_dir, "show synchronous_commit") == "on"


def test_it_listens_on_no_network(postgres: EmbeddedPostgres) -> None:
    assert ask(postgres.data_dir, "show listen_addresses") == ""
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host="127.0.0.1", port=5432, user="upheld", dbname="upheld", connect_timeout=2)


def test_its_environment_is_clean(postgres: EmbeddedPostgres) -> None:
    names = {
        entry.split(b"=")[0]
        for entry in Path(f"/proc/{postgres.pid}/environ").read_bytes().split(b"\0")
        if entry
    }
    assert names - {b"PG_GRANDPARENT_PID", b"PGDATA", b"PGLOCALEDIR", b"PGSYSCONFDIR"} <= {
        b"PATH",
        b"LC_ALL",
        b"TZ",
    }


def test_what_was_committed_is_there_after_a_stop_and_after_a_kill(postgres: EmbeddedPostgres) -> None:
    ask(postgres.data_dir, "create table kept (word text)")
    ask(postgres.data_dir, "insert into kept values ('stop')")
    postgres.stop()
    postgres.start()
    ask(postgres.data_dir, "insert into kept values ('kill')")
    kill(postgres)
    postgres.launch()
    postgres.wait_until_ready()
    assert ask(postgres.data_dir, "select string_agg(word, ' ') from kept") == "stop kill"


def test_a_pid_file_left_by_a_dead_server_with_the_number_of_a_living_stranger(
    postgres: EmbeddedPostgres,
) -> None:
    kill(postgres)
    stranger = subprocess.Popen(["sleep", "60"])
    pid_file = postgres.place.cluster / "postmaster.pid"
    pid_file.write_text(
        pid_file.read_text().replace(pid_file.read_text().split("\n")[0], str(stranger.pid), 1)
    )
    try:
        postgres.stop()
        postgres.start()
        assert ask(postgres.data_dir, "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_killed_owner_takes_its_server_along_and_the_next_start_succeeds(data_dir: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from upheld.config.embedded import EmbeddedPostgres;"
        "p = EmbeddedPostgres(Path(sys.argv[1])); p.start(); print(p.pid, flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program, str(data_dir)], stdout=subprocess.PIPE, text=True
    )
    server = int(owner.stdout.readline())
    owner.kill()
    owner.wait()
    with EmbeddedPostgres(data_dir) as postgres:
        assert postgres.pid != server
        assert ask(data_dir, "select 1") == 1
    assert gone(server)


def test_a_leftover_server_that_nobody_holds_is_ended(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As on a system whose kernel does not tell children of their parent's death.
    monkeypatch.setattr("upheld.config.child.die_with_parent", lambda number: None)
    orphan = EmbeddedPostgres(data_dir)
    orphan.start()
    left = orphan.pid
    orphan._release_lock()
    with EmbeddedPostgres(data_dir) as postgres:
        orphan._child.wait(10)
        assert postgres.pid != left
        assert ask(data_dir, "select 1") == 1


def test_a_second_start_on_the_same_data_says_who_runs(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(Trouble, match=rf"running already on .* \(process {os.getpid()}\)"):
        EmbeddedPostgres(postgres.data_dir).start()
    assert ask(postgres.data_dir, "select 1") == 1


def test_data_of_another_major_version_is_refused_in_one_line(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        cluster = postgres.place.cluster
    (cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(Trouble, match="made by PostgreSQL 17, and this Upheld brings 18") as caught:
        EmbeddedPostgres(data_dir).start()
    assert "\n" not in str(caught.value)


def test_a_start_that_was_cut_off_while_making_the_cluster_is_made_good(data_dir: Path) -> None:
    (data_dir / "postgres.draft").mkdir(mode=0o700)
    (data_dir / "postgres.draft" / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(data_dir):
        assert ask(data_dir, "select 1") == 1


@as_root
def test_another_local_user_reaches_neither_data_nor_socket(postgres: EmbeddedPostgres) -> None:
    for part in (postgres.place.cluster, postgres.place.sockets):
        assert as_nobody("ls", part).returncode != 0


@as_root
def test_a_user_who_gets_to_the_socket_is_still_refused_by_name(postgres: EmbeddedPostgres) -> None:
    sockets = postgres.place.sockets
    psql = bundled().copy_to(postgres.data_dir / "copy")["psql"]
    for path, mode in ((postgres.data_dir, 0o755), (sockets, 0o755), (sockets / ".s.PGSQL.5432", 0o777)):
        path.chmod(mode)
    for role in ("upheld", "postgres"):
        refused = as_nobody(psql, "-X", "-h", sockets, "-U", role, "-d", "upheld", "-c", "select 1")
        assert refused.returncode != 0
        assert "Peer authentication failed" in refused.stderr


@as_root
def test_as_root_the_server_runs_as_an_unprivileged_system_user(postgres: EmbeddedPostgres) -> None:
    owner = Path(f"/proc/{postgres.pid}").stat().st_uid
    assert owner == pwd.getpwnam("upheld").pw_uid != 0
    assert postgres.place.cluster.stat().st_uid == owner


@as_root
def test_where_that_user_cannot_go_the_cluster_lies_in_a_system_folder_and_one_line_says_so() -> None:
    closed = Path(tempfile.mkdtemp(prefix="upheld-closed-"))
    said: list[str] = []
    home = None
    try:
        with EmbeddedPostgres(closed / "checkout" / ".data", say=said.append) as postgres:
            home = postgres.place.cluster.parent
            assert home.parent == Path("/var/lib/upheld")
            assert ask(postgres.data_dir, "select 1") == 1
        assert [line for line in said if str(home) in line]
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        shutil.rmtree(closed)
        if home:
            shutil.rmtree(home)


def test_no_parent_directory_is_changed_and_the_data_is_closed() -> None:
    parent = Path(tempfile.mkdtemp(prefix="upheld-parent-"))
    parent.chmod(0o751)
    before = [
        (path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in (parent, parent.parent)
    ]
    try:
        with EmbeddedPostgres(parent / "data") as postgres:
            after = [
                (path.stat().st_mode, path.stat().st_uid, path.stat().st_gid)
                for path in (parent, parent.parent)
            ]
            assert after == before
            assert (parent / "data").stat().st_mode & 0o067 == 0
            for part in (postgres.place.cluster, postgres.place.sockets):
                assert stat.S_IMODE(part.stat().st_mode) == 0o700
            assert stat.S_IMODE(postgres.place.log.stat().st_mode) == 0o600
    finally:
        shutil.rmtree(parent)


def test_a_data_directory_too_long_for_a_socket_gets_a_short_private_one(data_dir: Path) -> None:
    data_dir.chmod(0o755)
    long = data_dir / ("d" * 60) / ("e" * 60)
    with EmbeddedPostgres(long) as postgres:
        sockets = postgres.place.sockets
        assert len(str(sockets)) < 92
        assert stat.S_IMODE(sockets.lstat().st_mode) == 0o700
        assert ask(long, "select 1") == 1
    shutil.rmtree(sockets)


def test_a_socket_directory_that_somebody_else_put_there_is_refused(data_dir: Path) -> None:
    data_dir.chmod(0o755)
    long = data_dir / ("d" * 60) / ("e" * 60)
    with EmbeddedPostgres(long) as postgres:
        sockets = postgres.place.sockets
    shutil.rmtree(sockets)
    sockets.mkdir(mode=0o777)
    sockets.chmod(0o777)
    try:
        with pytest.raises(Trouble, match="is not ours alone"):
            EmbeddedPostgres(long).start()
    finally:
        sockets.rmdir()


def test_settings_know_the_place_without_a_server(data_dir: Path) -> None:
    assert connection_parameters(data_dir / "nothing")["host"] == str(data_dir / "nothing" / "run")
    assert not (data_dir / "nothing").exists()
    assert not embedded.is_running(data_dir / "nothing")


def test_a_broken_record_of_the_place_is_not_believed(data_dir: Path) -> None:
    (data_dir / "postgres.json").write_text("[1]")
    assert Place.of(data_dir) == Place.within(data_dir, data_dir)


def test_the_log_stays_within_bounds(postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LOG_LIMIT", 10)
    postgres.trim_log()
    assert postgres.place.log.stat().st_size == 0
    assert postgres.place.log.with_suffix(".log.1").stat().st_size > 10


def kill(postgres: EmbeddedPostgres) -> None:
    os.kill(postgres.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while postgres.alive() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not postgres.alive()


def as_nobody(*command: object) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    nobody = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    return subprocess.run(words, capture_output=True, text=True, env={}, cwd="/", check=False, **nobody)


def gone(pid: int) -> bool:
    with suppress(OSError):
        return " Z " in Path(f"/proc/{pid}/stat").read_text()
    return True
