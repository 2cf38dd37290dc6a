"""`upheld mail source ...`: on a desk that runs an account is added, its mail becomes tickets, and its password is
nowhere to be seen; and what else the commands say."""

from __future__ import annotations

import base64
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from pytest_django import Settings
from typer.testing import CliRunner

from harness.desk import RunningDesk
from harness.dovecot import PASSWORD, Dovecot, Somebody
from harness.token_server import CLIENT, CLIENT_SECRET, REFRESH_TOKEN
from mailboxes.fetching.accounts import mail
from upheld.config.cli import app
from upheld.config.embedded import connection_parameters
from upheld.config.trouble import Trouble
from upheld.desks.models import AuditEntry, Secret
from upheld.mailboxes.fetching.visiting import note_failure
from upheld.mailboxes.models import RawMail, Source
from upheld.worker.health import checks
from upheld.worker.metrics import metrics_text

OTHER = "another-geheim-0816"


class Program:
    """The `upheld` command on the running desk; everything that it said is remembered."""

    def __init__(self, desk: RunningDesk) -> None:
        self.desk = desk
        self.said: list[str] = []

    def __call__(self, *arguments: str, typed: str = "", status: int = 0) -> str:
        done = self.desk.run("mail", "source", *arguments, input=typed.encode())
        said = (done.stdout + done.stderr).decode()
        self.said.append(said)
        assert done.returncode == status, said
        return said

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(**connection_parameters(self.desk.data_dir), autocommit=True) as opened:
            return opened.execute(query).fetchall()

    def dump(self) -> str:
        """Everything in the database, as text."""
        tables = self.rows(
            "select format('%I', relname) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        return "\n".join(
            str(row[0])
            for (table,) in tables
            for row in self.rows(f"select t::text from {table} t")  # noqa: S608
        )


@pytest.fixture
def source(running_desk: RunningDesk) -> Iterator[Program]:
    program = Program(running_desk)
    yield program
    for (name,) in program.rows("select name from mailboxes_source"):
        program("remove", str(name), "--yes")


@pytest.fixture
def address(running_desk: RunningDesk) -> str:
    """The address of one of the desk's mailboxes."""
    return str(Program(running_desk).rows("select address from desks_mailbox order by id limit 1")[0][0])


def until(what: str, condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def added(
    source: Program, address: str, account: Somebody, *more: str, password: str = PASSWORD, status: int = 0
) -> str:
    where = ("--host", "127.0.0.1", "--port", str(account.server.imap), "--security", "none")
    who = ("--mailbox", address, "--username", account.address)
    return source(
        "add", "help", *where, *who, "--password-stdin", *more, typed=password + "\n", status=status
    )


@pytest.mark.processes
def test_an_account_from_its_first_word_to_its_last(
    source: Program, address: str, account: Somebody, dovecot: Dovecot
) -> None:
    account.gets(mail("Was there before"))
    said = added(source, address, account)
    assert f"Signed in to 127.0.0.1:{dovecot.imap} without encryption as {account.address}." in said
    assert "Folder “INBOX”: 1 mails." in said
    assert "mail that comes from now on is fetched" in said
    assert "New mail is noticed at once (IDLE)." in said
    assert "Fetched: 0." in said

    account.gets(mail("By account"))
    until("a stored mail", lambda: source.rows("select 1 from mailboxes_rawmail where way = 'imap'"))
    until("a ticket", lambda: source.rows("select 1 from tickets_ticket where subject = 'By account'"))
    assert not source.rows("select 1 from tickets_ticket where subject = 'Was there before'")

    account.chooses(OTHER)
    source("password", "help", "--password-stdin", typed=OTHER + "\n")
    source("test", "help")
    source("password", "help", "--password-stdin", typed="wrong-geheim-1\n")
    assert "refuses the sign-in" in source("fetch", "help", status=1)
    doctor = source.desk.run("doctor")
    source.said.append((doctor.stdout + doctor.stderr).decode())
    assert doctor.returncode == 1
    assert "mail source help" in source.said[-1]
    listed = source("list")
    assert "refuses the sign-in" in listed
    with urllib.request.urlopen(source.desk.url + "/metrics") as answer:  # noqa: S310
        figures = answer.read().decode()
    source.said.append(figures)
    number = source.rows("select id from mailboxes_source")[0][0]
    assert f'upheld_mail_source_failures{{source="{number}"}} ' in figures
    assert account.address not in figures

    everything = "\n".join([*source.said, source.desk.log(), source.dump()])
    for secret in (PASSWORD, OTHER, "wrong-geheim-1"):
        assert secret not in everything
        assert secret.encode().hex() not in everything
        assert base64.b64encode(secret.encode()).decode().rstrip("=")[:-1] not in everything
    assert account.address in everything  # so the search does find something

    assert "forgotten" in source("remove", "help", "--yes")
    assert not source.rows("select 1 from desks_secret where name like 'mail source%'")
    audited = [
        row[0]
        for row in source.rows(
            "select action from desks_auditentry where action like 'mail source%' order by id"
        )
    ]
    assert audited == [
        "mail source added",
        "mail source password set",
        "mail source password set",
        "mail source removed",
    ]


@dataclass
class Typed:
    """The `upheld` command on the database of the tests."""

    server: Dovecot

    def __call__(self, *arguments: str, typed: str = "", status: int = 0) -> str:
        done = CliRunner().invoke(app, ["mail", "source", *arguments], input=typed)
        if isinstance(done.exception, Trouble):
            assert status == 1, done.exception
            return f"upheld: {done.exception}"
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == status, done.output
        return done.output

    def adds(self, account: Somebody, *more: str, password: str = PASSWORD, status: int = 0) -> str:
        """Add an account of the desk's only mailbox."""
        where = ("--host", "localhost", "--port", str(self.server.imaps), "--username", account.address)
        return self(
            "add",
            "help",
            "--mailbox",
            "Support@desk.example.com",
            *where,
            "--password-stdin",
            *more,
            typed=password + "\n",
            status=status,
        )


@pytest.fixture
def typed(post, monkeypatch) -> Typed:
    # A database is given, so none is started.
    monkeypatch.setenv("UPHELD_DATABASE_URL", "postgres://this.is.not/asked")
    return Typed(post.server)


@pytest.mark.django_db
def test_a_source_is_switched_off_and_on_and_fetched_by_hand(typed: Typed, account: Somebody) -> None:
    account.gets(mail("Was there before"))
    assert "There is none" in typed("list")
    assert "over TLS as" in typed.adds(account)
    account.gets(mail("New"))
    assert "To be fetched now: 1." in typed("test", "help")
    assert "To be fetched now: 1." in typed("test", "help")
    assert "help is off" in typed("off", "help")
    assert "as it was" in typed("off", "help")
    assert "off" in typed("list").splitlines()[-1]
    assert "Fetched: 1." in typed("fetch", "help")
    assert "Fetched: 1." in typed("fetch", "help", "--all")
    assert "Fetched: 0." in typed("fetch", "help", "--unread", "--since", "2026-01-01")
    assert "help is on" in typed("on", "help")
    assert account.subjects() == ["Was there before", "New"]
    assert list(
        AuditEntry.objects.filter(action__startswith="mail source")
        .order_by("pk")
        .values_list("action", flat=True)
    ) == [
        "mail source added",
        "mail source switched off",
        "mail source switched on",
    ]
    assert typed("remove", "help", status=1, typed="n\n")
    assert Source.objects.exists()
    typed("remove", "help", typed="y\n")
    assert not Source.objects.exists()
    assert not Secret.objects.exists()
    assert RawMail.objects.count() == 2


@pytest.mark.django_db
def test_older_mail_is_fetched_with_the_account(typed: Typed, account: Somebody) -> None:
    account.gets(mail("Unread"))
    account.gets(mail("Read"), seen=True)
    assert "Fetched: 1." in typed.adds(account, "--unread")


@pytest.mark.django_db
def test_what_does_not_work_is_not_added_unless_that_is_wanted(typed: Typed, account: Somebody) -> None:
    said = typed.adds(account, password="wrong-geheim-2", status=1)
    assert "Nothing was added; --untried adds it all the same." in said
    assert not Source.objects.exists()
    assert not Secret.objects.exists()
    assert not AuditEntry.objects.filter(action="mail source added").exists()
    said += typed.adds(account, "--untried", password="wrong-geheim-2")
    assert Source.objects.get().failures == 0
    assert "wrong-geheim-2" not in said


@pytest.mark.django_db
def test_a_folder_to_move_to_that_is_missing_is_told(typed: Typed, account: Somebody) -> None:
    assert "There is no folder “Done” to move mail to" in typed.adds(
        account, "--afterwards", "move", "--move-to", "Done"
    )


@pytest.mark.django_db
def test_an_account_of_a_provider_with_tokens(typed: Typed, account: Somebody, dovecot: Dovecot) -> None:
    dovecot.tokens.begin(account.address)
    oauth = ("--oauth-token-url", dovecot.tokens.url, "--oauth-client-id", CLIENT)
    said = typed.adds(account, *oauth, password=REFRESH_TOKEN)
    assert "Signed in to" in said
    # By the client alone: an empty first line, and its secret on the second.
    typed("password", "help", "--password-stdin", typed=f"\n{CLIENT_SECRET}\n")
    assert "Fetched: 0." in typed("fetch", "help")
    assert [form["grant_type"] for form in dovecot.tokens.asked] == ["refresh_token", "client_credentials"]
    assert not {REFRESH_TOKEN, CLIENT_SECRET} & set(said.split())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("test", "nobody"), "There is no source “nobody”"),
        (
            ("add", "x", "--mailbox", "nobody@desk.example.com", "--host", "h", "--username", "u"),
            "There is no mailbox nobody@desk.example.com. There are: support@desk.example.com.",
        ),
        (
            ("add", "x", "--mailbox", "support@desk.example.com", "--host", "h", "--username", "u"),
            "Nobody is here to answer. Give the password on standard input",
        ),
        (
            (
                "add",
                "x",
                "--mailbox",
                "a@b",
                "--host",
                "h",
                "--username",
                "u",
                "--protocol",
                "pop",
                "--unread",
            ),
            "POP3 knows neither dates nor what was read.",
        ),
        (
            ("add", "x", "--mailbox", "a@b", "--host", "h", "--username", "u", "--since", "yesterday"),
            "“yesterday” is no day. Write it like 2026-03-01.",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(typed: Typed, arguments: tuple[str, ...], said: str) -> None:
    told = typed(*arguments, status=1)
    assert said in told
    assert told.startswith("upheld: ")
    assert "\n" not in told


@pytest.mark.django_db
def test_a_password_is_no_argument(typed: Typed) -> None:
    assert "No such option" in typed("add", "x", "--password", "geheim", status=2)


@pytest.mark.django_db
def test_a_key_that_was_changed_is_told_and_a_former_one_helps(
    typed: Typed, account: Somebody, settings: Settings
) -> None:
    typed.adds(account)
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "another key " * 4
    told = typed("test", "help", status=1)
    assert "the key of the desk has changed" in told
    assert "upheld mail source password help" in told
    assert [check.name for check in checks() if "the key of the desk has changed" in check.detail] == [
        "secrets"
    ]
    settings.FORMER_SECRET_KEYS = [former]
    assert "Signed in" in typed("test", "help")
    settings.FORMER_SECRET_KEYS = []
    assert "Signed in" in typed("test", "help")


@pytest.mark.django_db
def test_doctor_and_figures_tell_of_sources(typed: Typed, account: Somebody) -> None:
    typed.adds(account)
    source, now = Source.objects.get(), datetime.now(UTC)

    def look(later: timedelta = timedelta()) -> tuple[bool, str]:
        check = next(check for check in checks(now + later) if check.name == "mail source help")
        return check.ok, check.detail

    assert look() == (True, "last fetched less than a minute ago")
    assert look(timedelta(minutes=30)) == (False, "last fetched 30 minutes ago")
    figures = metrics_text(now).decode()
    assert f'upheld_mail_source_failures{{source="{source.pk}"}} 0.0' in figures
    assert f'upheld_mail_source_fetched_age_seconds{{source="{source.pk}"}}' in figures
    note_failure(source, "It does not answer.", now)
    assert look() == (False, "last fetched less than a minute ago; It does not answer.")
    assert f'upheld_mail_source_failures{{source="{source.pk}"}} 1.0' in metrics_text(now).decode()
    assert "failed 1 times, It does not answer." in typed("list")
    typed("off", "help")
    assert "mail source help" not in [check.name for check in checks(now)]
    assert "upheld_mail_source" not in metrics_text(now).decode()
