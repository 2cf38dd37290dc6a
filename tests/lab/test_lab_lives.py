"""A lab with its real processes: days pass in seconds, and everything that its policy says happens at its instant."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from harness.desk import RunningDesk
from harness.quick_policy import QUICK
from upheld.config.embedded import connection_parameters
from upheld.config.lab_place import CLOCK
from upheld.desks.lab_clock import LabClock
from upheld.policy import load

pytestmark = pytest.mark.processes

Rows = psycopg.Cursor[dict[str, Any]]
# Where a real desk would send its mail: nobody listens there, so a mail that leaves fails and says so.
MAIL_SERVER = "smtp://127.0.0.1:9"


class RunningLab(RunningDesk):
    """`upheld lab` beside where a desk would lie, in the surroundings of a desk that sends real mail."""

    def __init__(self) -> None:
        super().__init__("lab", {"UPHELD_EMAIL_URL": MAIL_SERVER, "UPHELD_LOG_LEVEL": "WARNING"})
        self.outside, self.data_dir = self.data_dir, self.data_dir / "lab"
        self.policy = self.outside.with_suffix(".yaml")
        self.policy.write_text(QUICK)

    def environment(self) -> dict[str, str]:
        return super().environment() | {"UPHELD_DATA_DIR": str(self.outside)}

    def start(self) -> None:
        words = ("lab", "--policy", str(self.policy), "--from", "2026-03-27T08:00", "--speed", "86400")
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "upheld", *words],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait(lambda: self._answers() and "player" in self.pids(), patience=360)


@pytest.fixture(scope="module")
def lab() -> Iterator[RunningLab]:
    running = RunningLab()
    running.start()
    yield running
    running.data_dir = running.outside
    running.remove()
    running.policy.unlink()


@pytest.fixture
def rows(lab: RunningLab) -> Iterator[Rows]:
    with (
        psycopg.connect(**connection_parameters(lab.data_dir), autocommit=True) as opened,
        opened.cursor(row_factory=dict_row) as cursor,
    ):
        yield cursor


HOURS = load(QUICK).calendars["opening hours"]
LATE_RESPONSES = """
    select verdict.at, ticket.received_at
    from tickets_storyevent verdict join tickets_ticket ticket on ticket.id = verdict.ticket_id
    where verdict.consequence_key = 'breached:first_response:1'
"""
CLOSED_BY_ITSELF = """
    select status.at, entered.at as since
    from tickets_storyevent status
    join lateral (select at, data from tickets_storyevent before
        where before.ticket_id = status.ticket_id and before.kind = 'status' and before.seq < status.seq
        order by before.seq desc limit 1) entered on true
    where status.kind = 'status' and status.consequence_key is not null and status.data->>'to' = 'closed'
"""


def test_days_pass_and_everything_happens_at_its_instant(lab: RunningLab, rows: Rows) -> None:
    for kind in ("warned", "reminder", "escalated"):
        wait_for(f"a {kind}", lambda kind=kind: story(rows, "kind = %s", kind), 90)
    breached = wait_for("a breach", lambda: asked(rows, LATE_RESPONSES), 90)
    closed = wait_for("a ticket that closes by itself", lambda: asked(rows, CLOSED_BY_ITSELF), 90)
    # Hours after the last word, to the microsecond, though days pass in seconds.
    assert {each["at"] - each["since"] for each in closed} == {timedelta(hours=4)}
    for each in breached:
        assert each["at"] == HOURS.add(each["received_at"], timedelta(hours=1))
    # Customers wrote by the same SMTP as everybody, and their answers found their tickets.
    assert asked(rows, "select 1 from mailboxes_rawmail where way = 'smtp' and state = 'ticketed'")
    # Nothing left: every mail was taken by the outbox.
    assert asked(rows, "select 1 from notices_notice where state = 'sent'")
    assert not asked(rows, "select 1 from notices_notice where last_error <> ''")


def test_whoever_has_the_link_watches_it(lab: RunningLab) -> None:
    told = lab.run("lab", "--announce", environ={"UPHELD_DATA_DIR": str(lab.data_dir), "UPHELD_URL": lab.url})
    link = re.findall(r"http://\S+to=/lab/", told.stdout.decode())[-1]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = browser.open(link, timeout=30).read().decode()
    assert "Lab – made-up time" in page
    assert "What happened" in page
    assert re.search(r"/tickets/LAB-\d+/", page)


def test_when_its_player_is_killed_time_stands_until_the_next_one_goes_on(
    lab: RunningLab, rows: Rows
) -> None:
    clock = LabClock(lab.data_dir / CLOCK)
    before = clock.now()
    os.kill(lab.pids()["player"], signal.SIGKILL)
    killed = clock.now()
    assert killed >= before
    later = "select 1 from tickets_storyevent where recorded_at > %s limit 1"
    wait_for("life to go on", lambda: asked(rows, later, killed + timedelta(hours=6)), 60)
    assert clock.now() > killed


def test_no_desk_runs_on_its_database(lab: RunningLab, tmp_path: Path) -> None:
    shutil.copy(lab.data_dir / "postgres.json", tmp_path)
    env = {name: text for name, text in os.environ.items() if not name.startswith(("UPHELD_", "DJANGO_"))}
    for surroundings in ({}, {"UPHELD_DEMO": "1"}):
        done = subprocess.run(
            [sys.executable, "-m", "upheld.config.database"],
            env={**env, **surroundings, "UPHELD_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "This database is a lab's" in done.stderr


def wait_for(what: str, look: Callable[[], list[dict[str, Any]]], patience: float) -> list[dict[str, Any]]:
    """Look until something is there, and return it."""
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited {patience:.0f} s in vain for {what}"
        time.sleep(0.1)
    return found


def story(rows: Rows, condition: str, value: str) -> list[dict[str, Any]]:
    happened = "select at, recorded_at from tickets_storyevent where consequence_key is not null and "
    return asked(rows, happened + condition, value)


def asked(rows: Rows, statement: str, *values: object) -> list[dict[str, Any]]:
    rows.execute(statement, values)
    return rows.fetchall()
