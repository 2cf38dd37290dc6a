"""A promise that nobody keeps: made before the other stories on the running desk; its minute passes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from mail_program import MailProgram
from outbox_pages import Outbox
from psycopg.rows import dict_row

from drill.short_promises import DESK, desk_file
from harness.desk import RunningDesk
from upheld.config.embedded import connection_parameters

CUSTOMER = "wiktor@late.example.org"
LEAD = "tomasz@devices.example.com"


@pytest.fixture(scope="session")
def unanswered(running_desk: RunningDesk, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A second desk beside the demo's, whose policy promises an answer within a minute, and a mail to it that stays
    unanswered; the address that wrote it."""
    made = running_desk.run(
        "setup", "--file", str(desk_file(tmp_path_factory.mktemp("desk"), "grace@devices.example.com", 1))
    )
    assert made.returncode == 0, made.stderr.decode()
    added = running_desk.run(
        "user", "add", LEAD, "--name", "Tomasz Nowak", "--role", "lead", "--desk", "minute"
    )
    assert added.returncode == 0, added.stderr.decode()
    wiktor = MailProgram("Wiktor Zając", CUSTOMER, running_desk.smtp_port)
    wiktor.write(DESK["mailbox"], "Is anybody there?", "I am waiting at the counter.")
    return CUSTOMER


@pytest.fixture
def outbox(running_desk: RunningDesk) -> Outbox:
    return Outbox(running_desk.url)


@pytest.fixture
def rows(running_desk: RunningDesk) -> Iterator[psycopg.Cursor[dict[str, object]]]:
    """The running desk's database, for what no page shows: microseconds."""
    with (
        psycopg.connect(**connection_parameters(running_desk.data_dir), autocommit=True) as opened,
        opened.cursor(row_factory=dict_row) as cursor,
    ):
        yield cursor
