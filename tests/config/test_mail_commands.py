"""`upheld mail list|show|retry|release|discard|outgoing|resend`, as whoever owns the machine types them."""

from __future__ import annotations

import getpass
import hashlib
import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import Result
from typer.testing import CliRunner

from harness.cast import Cast, utc
from harness.desk import RunningDesk
from upheld.config.cli import app
from upheld.config.trouble import Trouble
from upheld.desks.models import AuditEntry
from upheld.mailboxes.models import MailState, RawMail
from upheld.notices.models import Notice, NoticeKind, NoticeState
from upheld.people.models import Agent
from upheld.tickets.models import Ticket

NOON = utc("2026-03-19 12:00")
PLAIN = (
    b"From: Tomas Berg <t.berg@supplier.example.net>\nTo: support@desk.example.com\n"
    b"Subject: Delivery of the chargers\nMessage-ID: <c1@supplier.example.net>\n\nThey come on Monday.\n"
)
Mail = Callable[..., Result]


@pytest.fixture
def mail(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Mail:
    """The command, on the database of the tests."""
    monkeypatch.setattr("upheld.config.running.database_running", lambda say: nullcontext({}))
    return lambda *arguments: CliRunner().invoke(app, ["mail", *map(str, arguments)])


def came(cast: Cast, state: MailState = MailState.KEPT, raw: bytes = PLAIN, **values: object) -> RawMail:
    usual: dict[str, object] = {
        "mailbox": cast.desk.mailboxes.get(),
        "from_address": "t.berg@supplier.example.net",
        "subject": "Delivery of the chargers",
        "reason": "nobody has checked its sender's domain",
        "received_at": NOON,
        "next_try_at": NOON,
    }
    digest = hashlib.sha256(raw).hexdigest()
    return RawMail.objects.create(state=state, raw=raw, way="smtp", digest=digest, **(usual | values))


def left(cast: Cast, state: NoticeState = NoticeState.FAILED, **values: object) -> Notice:
    count = Notice.objects.count()
    usual: dict[str, object] = {"attempts": 3, "last_error": "550 mailbox full"}
    return Notice.objects.create(
        desk=cast.desk,
        kind=NoticeKind.REPLY,
        key=f"tests:{count}",
        message_id=f"<{count}@desk.example.com>",
        to_address="amina@school.example.org",
        state=state,
        created_at=NOON,
        next_try_at=NOON + timedelta(days=1000),
        **(usual | values),
    )


def said(result: Result) -> str:
    assert result.exception is None, result.exception
    return str(result.stdout)


def trouble(result: Result) -> str:
    assert isinstance(result.exception, Trouble), result.exception
    assert "\n" not in str(result.exception)
    return str(result.exception)


def test_what_waits_for_a_person_is_listed_one_line_a_mail(cast: Cast, mail: Mail) -> None:
    kept, parked = came(cast), came(cast, MailState.PARKED, attempts=5)
    came(cast, MailState.IGNORED)
    lines = said(mail("list")).splitlines()
    assert [line.split("\t")[0] for line in lines] == [str(parked.pk), str(kept.pk)]
    assert lines[1].split("\t")[1:5] == [
        "2026-03-19 12:00:00",
        "kept",
        "t.berg@supplier.example.net",
        "Delivery of the chargers",
    ]
    assert len(said(mail("list", "--state", "all")).splitlines()) == 3
    assert len(said(mail("list", "--state", "all", "--limit", "2")).splitlines()) == 2
    assert [each["state"] for each in json.loads(said(mail("list", "--state", "ignored", "--json")))] == [
        "ignored"
    ]


def test_on_a_terminal_it_is_a_table_that_fits(
    cast: Cast, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upheld.config.commands.mail_kept._on_a_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    assert said(mail("list")) == "No such mail.\n"
    came(cast, MailState.PARKED, attempts=5, subject="a very long subject " * 8, reason="[bold]slow\x1b[2J")
    left(cast, NoticeState.WAITING)
    for text in (said(mail("list")), said(mail("outgoing"))):
        assert max(map(len, text.splitlines())) <= 80
        assert "times" in text
        assert "\x1b[2J" not in text
    assert "[bold]slow" in said(mail("list"))


def test_an_unknown_state_is_told_with_those_there_are(mail: Mail) -> None:
    assert "Choose one of: kept, parked" in trouble(mail("list", "--state", "lost"))


def test_no_stranger_writes_lines_or_orders_into_the_terminal(cast: Cast, mail: Mail) -> None:
    one = came(cast, subject="a\tb\x1b[2J\r\nfake", envelope_from="\x1b]0;x\x07", from_address="")
    left(cast, last_error="550\x1b[31m no\r\nfake\tline")
    for text in (said(mail("list")), said(mail("show", one.pk)), said(mail("outgoing"))):
        assert not {"\x1b", "\r", "\x07"} & set(text)
        assert not [line for line in text.splitlines() if line.startswith("fake")]
    assert said(mail("list")).count("\n") == 1
    assert said(mail("list")).count("\t") == 7


def test_one_mail_is_shown_with_what_the_desk_makes_of_it(cast: Cast, mail: Mail) -> None:
    one = came(cast)
    text = said(mail("show", one.pk))
    assert "nobody has checked its sender's domain" in text
    assert "They come on Monday." in text
    data = json.loads(said(mail("show", one.pk, "--json")))
    assert data["state"] == "kept"
    assert data["read"]["from_address"] == "t.berg@supplier.example.net"
    assert mail("show", one.pk, "--raw").stdout_bytes == PLAIN


def test_a_number_that_no_mail_has_is_told(mail: Mail, cast: Cast) -> None:
    for arguments in (("show", 4711), ("retry", 4711), ("release", 4711), ("discard", 4711, "--reason", "x")):
        assert "There is no mail 4711." in trouble(mail(*arguments))
    assert "There is no outgoing mail 4711." in trouble(mail("resend", 4711))


def test_parked_mail_is_read_again_one_or_all(cast: Cast, mail: Mail) -> None:
    first, second = (came(cast, MailState.PARKED, attempts=5) for _ in range(2))
    kept = came(cast)
    said(mail("retry", first.pk))
    states = dict(RawMail.objects.values_list("pk", "state"))
    assert states == {first.pk: "waiting", second.pk: "parked", kept.pk: "kept"}
    said(mail("retry", "--all-parked"))
    states = dict(RawMail.objects.values_list("pk", "state"))
    assert states == {first.pk: "waiting", second.pk: "waiting", kept.pk: "kept"}
    assert said(mail("retry", "--all-parked")) == "No mail is parked.\n"
    assert AuditEntry.objects.filter(actor=f"{getpass.getuser()} (command line)").count() == 2
    assert "Name numbers, or say --all-parked." in trouble(mail("retry"))
    assert "Name numbers, or say --all-parked." in trouble(mail("retry", first.pk, "--all-parked"))


def test_a_mail_is_released_in_the_name_of_an_agent_and_the_audit_knows_who_typed_it(
    cast: Cast, mail: Mail
) -> None:
    one = came(cast)
    assert "Nobody vouches for the mail." in trouble(mail("release", one.pk))
    assert "No agent signs in with x@y.example" in trouble(mail("release", one.pk, "--as", "x@y.example"))
    assert "Ask" in trouble(mail("release", one.pk, "--as", "bob@desk.example.com"))
    assert not Ticket.objects.exists()
    text = said(mail("release", one.pk, "--as", "lena@desk.example.com"))
    ticket = Ticket.objects.get()
    assert text == f"Mail {one.pk} is on ticket {ticket.number}.\n"
    assert ticket.received_at == NOON
    typed = AuditEntry.objects.get(action="acted as an agent")
    assert (typed.actor, typed.subject) == (f"{getpass.getuser()} (command line)", "lena@desk.example.com")


def test_a_mail_is_released_onto_a_ticket_of_its_desk_alone(cast: Cast, mail: Mail, charlie: Agent) -> None:
    ticket, one = cast.writes("2026-03-19 10:00"), came(cast)
    theirs = replace(cast, desk=charlie.memberships.get().desk).writes("2026-03-19 10:05")
    missing = mail("release", one.pk, "--as", "lena@desk.example.com", "--ticket", theirs.number)
    assert f"There is no ticket {theirs.number} on this desk." in trouble(missing)
    said(mail("release", one.pk, "--as", "lena@desk.example.com", "--ticket", ticket.number.lower()))
    one.refresh_from_db()
    assert one.ticket == ticket


def test_mail_to_none_of_our_mailboxes_is_released_to_the_one_that_is_named(cast: Cast, mail: Mail) -> None:
    one = came(cast, mailbox=None)
    asked = ("release", one.pk, "--as", "ada@desk.example.com")
    assert "--mailbox: support@desk.example.com" in trouble(mail(*asked))
    said(mail(*asked, "--mailbox", "support@desk.example.com"))
    assert Ticket.objects.get().desk == cast.desk


def test_a_mail_is_put_aside_with_a_reason(cast: Cast, mail: Mail) -> None:
    one = came(cast)
    assert "The reason is empty." in trouble(mail("discard", one.pk, "--reason", "  "))
    said(mail("discard", one.pk, "--reason", "advertising"))
    one.refresh_from_db()
    assert (one.state, one.reason) == (MailState.DISCARDED, "advertising")


def test_what_did_not_arrive_is_listed_and_sent_again(cast: Cast, mail: Mail) -> None:
    failed, bounced = left(cast), left(cast, NoticeState.BOUNCED)
    waiting, fresh = left(cast, NoticeState.WAITING), left(cast, NoticeState.WAITING, attempts=0)
    sent = left(cast, NoticeState.SENT)
    listed = {line.split("\t")[0] for line in said(mail("outgoing")).splitlines()}
    assert listed == {str(each.pk) for each in (failed, bounced, waiting)}
    assert {each["id"] for each in json.loads(said(mail("outgoing", "--json")))} == set(map(int, listed))
    assert "is sent again by the worker" in said(mail("resend", failed.pk))
    assert "is given up" in said(mail("resend", bounced.pk, "--give-up"))
    assert "This mail has left" in trouble(mail("resend", sent.pk))
    listed = {line.split("\t")[0] for line in said(mail("outgoing")).splitlines()}
    assert listed == {str(waiting.pk)}
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (NoticeState.WAITING, 0)
    assert fresh.attempts == 0


@pytest.mark.processes
def test_the_demo_holds_mail_that_waits_and_its_commands_find_it(running_desk: RunningDesk) -> None:
    done = running_desk.run("mail", "list")
    assert done.returncode == 0, done.stderr.decode()
    assert {line.split("\t")[2] for line in done.stdout.decode().splitlines()} >= {"kept", "parked"}
    refused = running_desk.run("mail", "show", "999999")
    assert refused.returncode == 1
    assert refused.stderr.decode() == "upheld: There is no mail 999999. See `upheld mail list --state all`.\n"
