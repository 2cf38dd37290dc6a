"""The whole program, as a newcomer starts it."""

from __future__ import annotations

import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from harness.desk import RunningDesk, free_ports
from upheld.config.embedded import connection_parameters

pytestmark = pytest.mark.processes


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    made = RunningDesk.filled()
    made.start()
    yield made
    made.remove()


def test_the_demo_says_where_it_is_and_how_to_sign_in(running_desk: RunningDesk) -> None:
    eventually(lambda: f"{running_desk.url}/demo/" in running_desk.log())
    assert "Traceback" not in running_desk.log()


def test_all_of_it_fits_into_450_megabytes(running_desk: RunningDesk) -> None:
    """Once it is idle: what printed how to sign in has ended."""
    supervisor = running_desk.pids()["supervisor"]
    eventually(lambda: not any("--announce" in command(pid) for pid in family(supervisor)))
    assert sum(map(proportional_memory, family(supervisor))) < 450 * 1024


@pytest.mark.parametrize("name", ["web", "worker", "mail", "postgres"])
def test_whatever_is_killed_comes_back(running_desk: RunningDesk, name: str) -> None:
    eventually(lambda: healthy(running_desk))
    before = running_desk.pids()
    os.kill(before[name], signal.SIGKILL)
    eventually(lambda: running_desk.pids()[name] != before[name])
    eventually(lambda: healthy(running_desk))
    assert running_desk.pids()["supervisor"] == before["supervisor"]


def test_it_stops_and_starts_again_with_what_it_had(desk: RunningDesk) -> None:
    """Its data was made by a first start, which the harness sees make it once; two more find all of it."""
    everybody = family(desk.pids()["supervisor"])
    assert desk.stop(signal.SIGINT) == 0
    assert not [pid for pid in everybody if Path(f"/proc/{pid}").exists()]
    assert "Traceback" not in desk.log()
    desk.start()
    assert healthy(desk)
    assert "Making the database" not in desk.log()
    assert "Bringing the database up to date" not in desk.log()


def test_after_a_killed_supervisor_the_next_start_needs_no_help(desk: RunningDesk) -> None:
    desk.stop(signal.SIGKILL)
    desk.start()
    assert healthy(desk)


def test_a_second_start_on_the_same_desk_says_so(running_desk: RunningDesk) -> None:
    done = running_desk.run("serve")
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1
    assert f"running already on {running_desk.data_dir}" in done.stderr.decode()


def test_a_newer_schema_is_refused_by_every_process(desk: RunningDesk) -> None:
    with psycopg.connect(**connection_parameters(desk.data_dir), autocommit=True) as opened:
        opened.execute(
            "insert into django_migrations (app, name, applied) values ('desks', '9999_later', now())"
        )
        opened.execute("comment on table django_migrations is 'later demo filled'")
    http, smtp = free_ports(2)
    apart = {"UPHELD_HTTP_ADDRESS": f"127.0.0.1:{http}", "UPHELD_SMTP_ADDRESS": f"127.0.0.1:{smtp}"}
    for command in (["web"], ["worker"], ["mail", "listen"], ["migrate"]):
        refused = desk.run(*command, environ=apart)
        assert refused.returncode == 1
        assert refused.stderr.decode().count("\n") == 1
        assert "made by a newer Upheld (it has desks.9999_later" in refused.stderr.decode()


def test_the_demo_does_not_open_a_real_desk(desk: RunningDesk) -> None:
    with psycopg.connect(**connection_parameters(desk.data_dir), autocommit=True) as opened:
        opened.execute("comment on table django_migrations is 'unknown'")
    desk.stop()
    for arguments in (["demo"], ["demo", "--reset"]):
        refused = desk.run(*arguments)
        assert refused.returncode == 1
        assert "holds a real desk" in refused.stderr.decode()
    assert (desk.data_dir / "postgres").exists() or (desk.data_dir / "postgres.json").exists()


def test_doctor_finds_a_running_desk_in_order(running_desk: RunningDesk) -> None:
    eventually(lambda: healthy(running_desk))
    found = running_desk.run("doctor").stdout.decode()
    assert "up to date" in found
    assert "database" in found


def healthy(desk: RunningDesk) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"{desk.url}/health", timeout=5) as answer:  # noqa: S310
        return answer.status == 200
    return False


def eventually(holds: Callable[[], bool], patience: float = 30.0) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)


def family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []  # a connection's server that ended meanwhile
    return [pid, *(one for child in children for one in family(int(child)))]


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return ""


def proportional_memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(next(line.split()[1] for line in lines if line.startswith("Pss:")))
