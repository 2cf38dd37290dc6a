"""What the drill would say if something were lost, doubled, untold or unexplained; and that it never keeps quiet about
what it left out."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from rich.console import Console

from drill import checks, table
from drill.browser import Asked, forms
from drill.faults import FAULTS, disk, kills
from drill.faults.clock import turn
from drill.mail_server_outside import MailServerOutside
from drill.people import link_of
from drill.sending_server import Connection, correspondence
from drill.trial import Outcome
from upheld.desks.lab_clock import LabClock

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


def test_what_was_taken_must_be_there_once() -> None:
    found = checks.fate(["a", "b", "c"], [], ["a", "b", "b"], {})
    assert (found.lost, found.doubled) == (["c"], ["b"])
    assert list(found.complaints()) == ["lost: c", "there more than once: b"]


def test_what_was_not_taken_may_be_there_once() -> None:
    assert list(checks.fate([], ["a", "b"], ["a"], {}).complaints()) == []
    assert list(checks.fate([], ["a"], ["a", "a"], {}).complaints()) == ["there more than once: a"]


def test_what_was_kept_with_a_reason_is_not_lost() -> None:
    found = checks.fate(["a", "b"], [], ["b"], {"a": "held: unknown sender"})
    assert list(found.complaints()) == []
    assert found.kept == Counter({"held: unknown sender": 1})


def test_what_nobody_sent_is_noticed() -> None:
    assert list(checks.fate(["a"], [], ["a", "x"], {}).complaints()) == ["nobody sent: x"]


@pytest.fixture
def rows(db: None) -> Iterator[psycopg.Connection[Any]]:
    """The database of this test, as the drill sees one."""
    from django.db import connection

    connection.ensure_connection()
    yield connection.connection


def notice(number: int, **values: Any) -> None:
    from upheld.notices.models import Notice

    given = {"state": "sent", "kind": "reply", "to_address": "noor@example.org"} | values
    Notice.objects.create(
        pk=number,
        key=f"key {number}",
        message_id=f"<{number}@desk.example.com>",
        next_try_at=NOON,
        created_at=NOON,
        **given,
    )


def test_a_notice_marked_as_sent_must_have_arrived(rows: psycopg.Connection[Any]) -> None:
    notice(1)
    notice(2)
    assert list(checks.notices(rows, {"<1@desk.example.com>": [b"mail"]})) == [
        "<2@desk.example.com> (reply) is marked as sent and never arrived"
    ]


def test_a_notice_may_arrive_twice_but_as_one_mail(rows: psycopg.Connection[Any]) -> None:
    notice(1)
    assert not list(checks.notices(rows, {"<1@desk.example.com>": [b"mail", b"mail"]}))
    assert list(checks.notices(rows, {"<1@desk.example.com>": [b"mail", b"other"]})) == [
        "<1@desk.example.com> came 2 times, and not as the same bytes"
    ]


def test_a_notice_that_left_with_another_arrived_with_it(rows: psycopg.Connection[Any]) -> None:
    notice(1, kind="warning")
    notice(2, kind="warning", data={"together_with": 1})
    assert not list(checks.notices(rows, {"<1@desk.example.com>": [b"mail"]}))


def test_a_notice_that_failed_or_was_never_written_is_noticed(rows: psycopg.Connection[Any]) -> None:
    notice(1, state="failed", last_error="550 no")
    notice(2, state="left_out", last_error="Left out: answered.")
    assert list(checks.notices(rows, {"<9@desk.example.com>": [b"mail"]})) == [
        "notice 1 (reply) is failed: 550 no",
        "<9@desk.example.com> arrived, and no notice knows it",
    ]


def test_what_fell_due_and_did_not_happen_is_noticed() -> None:
    expected = {"warned": timedelta(seconds=9), "breached": timedelta(minutes=3)}
    tickets = [{"number": "MIN-1", "received_at": NOON}, {"number": "MIN-2", "received_at": NOON}]
    found = [{"number": "MIN-1", "key": "warned"}]
    assert checks.missing(tickets, found, expected, NOON + timedelta(minutes=1)) == [("MIN-2", "warned")]


@pytest.mark.parametrize(
    ("log", "explained"),
    [
        ('error_id=0123abcd event="page broke" exception="Traceback (most recent call last): ..."', True),
        ('error_id=0123abcd error="OperationalError: gone"', True),
        ("error_id=0123abcd", False),
        ("", False),
    ],
)
def test_an_error_is_explained_where_the_log_has_its_number(log: str, explained: bool) -> None:
    asked = Asked()
    asked.note(httpx.Response(500, text='Error <strong class="number">0123abcd</strong>'), "/")
    assert (list(checks.pages(asked, log)) == []) is explained


def test_a_page_that_breaks_without_a_number_is_noticed() -> None:
    asked = Asked()
    asked.note(httpx.Response(500, text="Internal Server Error"), "/tickets/")
    asked.note(httpx.Response(404, text="Nothing"), "/nothing/")
    asked.note(None, "/away/")
    assert len(list(checks.pages(asked, ""))) == 1
    assert asked.answers == {"500": 1, "404": 1, "no answer": 1}


def test_a_form_is_sent_as_it_stands() -> None:
    page = """<form method="post" action="/a/"><input type="hidden" name="once" value="7"><input name="name">
        <input type="radio" name="p" value="low"><input type="radio" name="p" value="high" checked>
        <input type="file" name="files"><input type="submit" name="go" value="Go"></form>
        <form action="/search/"><input name="q"></form>"""
    assert forms(page) == {"/a/": {"once": "7", "name": "", "p": "high"}}


def test_the_link_of_a_mail_is_found() -> None:
    raw = b"Content-Type: text/plain; charset=utf-8\n\nSee http://127.0.0.1:8000/r/abc-1/ for more.\n"
    assert link_of(raw) == "/r/abc-1/"


def test_the_same_seed_writes_the_same_letters() -> None:
    first, again = (list(islice(correspondence(random.Random(7)), 300)) for _ in range(2))
    assert first == again
    assert len({each.message_id for each in first}) == 300
    begun = {each.message_id for each in first}
    assert all(each.answers in begun for each in first if each.answers)
    assert any(each.again for each in first)
    assert any(each.once for each in first)


ANSWERS = {
    "4xx to the sender": "4xx",
    "5xx to the sender": "5xx",
    "4xx to the recipient": "4xx",
    "5xx to the recipient": "5xx",
    "4xx after the body": "4xx",
    "5xx after the body": "5xx",
    "hangs up before the body": "no answer",
    "takes the body and hangs up": "no answer",
    "takes the body, answers 4xx": "4xx",
    "4xx as greeting": "4xx",
    "5xx as greeting": "5xx",
}


@pytest.fixture(scope="module")
def outside() -> Iterator[MailServerOutside]:
    with MailServerOutside() as server:
        yield server


@pytest.mark.parametrize(("way", "answer"), ANSWERS.items())
def test_a_mail_server_fails_as_it_is_told_and_then_behaves(
    outside: MailServerOutside, way: str, answer: str
) -> None:
    outside.copies.clear()
    outside.misbehave(random.Random(1), [way])
    said = [offered(outside) for _ in range(30)]
    assert set(said) == {"250", answer}
    came = len(outside.copies["<1@example.org>"])
    assert came == (30 if way.startswith("takes the body") else said.count("250"))
    outside.behave()
    assert {offered(outside) for _ in range(5)} == {"250"}


def offered(outside: MailServerOutside) -> str:
    mail = b"Message-ID: <1@example.org>\r\nFrom: a@example.org\r\n\r\nWords.\r\n"
    connection = Connection(outside.port)
    try:
        return connection.hand_over("a@example.org", "b@example.org", mail)
    finally:
        connection.close()


def test_a_clock_is_turned_both_ways(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    for to in (NOON, NOON + timedelta(hours=1), NOON - timedelta(hours=2)):
        turn(file, to)
        assert to <= LabClock(file).now() < to + timedelta(minutes=5)
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]


def printed(*outcomes: Outcome) -> str:
    console = Console(width=200, record=True, file=StringIO())
    table.show(outcomes, console)
    return console.export_text()


def test_the_table_says_what_was_left_out_and_why() -> None:
    said = printed(Outcome("disk", "full", left_out="needs the right to mount"))
    assert "left out: needs the right to mount" in said


def test_the_table_says_what_is_wrong() -> None:
    bad = Outcome("kills", "killed", lost=1, wrong=["lost: This is letter 7."])
    said = printed(Outcome("workers", "slept", mails=3), bad)
    assert "WRONG" in said
    assert "kills: lost: This is letter 7." in said
    assert "together" in said


def test_a_run_is_kept_as_json(tmp_path: Path) -> None:
    outcome = Outcome("kills", "killed", mails=3, done=Counter(web=2))
    path = table.keep([outcome], seed=7, seconds=20, at=NOON, folder=tmp_path)
    found = json.loads(path.read_text())
    assert found["seed"] == 7
    assert found["faults"][0]["done"] == {"web": 2}
    assert found["faults"][0]["mails"] == 3


def test_who_may_not_mount_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "needs the right to mount" in disk.missing()


def test_what_was_never_tried_is_not_called_well() -> None:
    spared = list(kills.FAULT.expects(Counter(web=1), Counter({"250": 5, "4xx": 1}), Counter()))
    assert "postgres" in spared[0]


def test_every_fault_has_a_name_of_its_own_and_a_share() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) == 6
    assert sum(fault.share for fault in FAULTS) == pytest.approx(1)


def test_the_command_knows_its_faults() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "drill", "--only", "floods"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "no such fault: floods" in done.stderr
