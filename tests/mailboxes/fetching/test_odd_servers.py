"""Servers that are broken, slow or hostile: none of them gets more than it should, or costs another mail."""

import imaplib
import socket
import threading
import time

import pytest

from harness.dovecot import PASSWORD
from mailboxes.fetching.accounts import Post, failing, fetch, mail, subjects
from mailboxes.fetching.odd_server import ImapCaller, odd_server
from upheld.mailboxes.fetching import imap_client, pop, visiting
from upheld.mailboxes.fetching.imap_client import BoundedClient
from upheld.mailboxes.fetching.visiting import Visit, pay
from upheld.mailboxes.models import RawMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def odd(post: Post, account, monkeypatch):
    """A source at a server that says what the test wants."""
    monkeypatch.setattr(imap_client, "SECONDS_TO_ANSWER", 0.5)
    monkeypatch.setattr(pop, "SECONDS_TO_ANSWER", 0.5)

    def source(port: int, **details: object):
        return post.source(account, host="127.0.0.1", port=port, **({"security": "none"} | details))

    return source


def test_what_is_said_between_starttls_and_tls_is_not_believed(odd):
    def talk(caller: ImapCaller) -> None:
        caller.serve(
            capabilities="IMAP4rev1 STARTTLS",
            instead={"STARTTLS": lambda each, tag, _: each.say(f"{tag} OK go\r\n* OK [ALERT] injected\r\n")},
        )

    with odd_server(talk) as (port, callers):
        assert "between STARTTLS and TLS" in failing(odd(port, security="starttls"))
    assert not any(b"LOGIN" in line for line in callers[0].heard)


@pytest.mark.parametrize("capabilities", ["IMAP4rev1", "IMAP4rev1 STARTTLS"])
def test_without_tls_no_password_is_said(odd, capabilities):
    def talk(caller: ImapCaller) -> None:
        caller.serve(
            capabilities=capabilities,
            instead={"STARTTLS": lambda each, tag, _: each.say(f"{tag} NO not now\r\n")},
        )

    with odd_server(talk) as (port, callers):
        failing(odd(port, security="starttls"))
    assert not any(b"LOGIN" in line for line in callers[0].heard)


def test_a_server_that_takes_us_for_signed_in_gets_no_further_without_tls(odd):
    def talk(caller: ImapCaller) -> None:
        caller.say("* PREAUTH welcome\r\n")
        for _ in range(5):
            tag, _ = caller.hear()
            caller.say(f"* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n")

    with odd_server(talk) as (port, callers):
        failing(odd(port, security="starttls"))
    assert not any(b"LOGIN" in line or b"EXAMINE" in line for line in callers[0].heard)


def test_a_server_that_repeats_the_password_is_not_repeated(odd):
    def repeat(caller: ImapCaller, tag: str, command: str) -> None:
        caller.say(f"{tag} BAD I do not know {command}\r\n")

    with odd_server(lambda caller: caller.serve(instead={"LOGIN": repeat})) as (port, _):
        assert "geheim" not in failing(odd(port))


@pytest.mark.parametrize("command", ["UID SEARCH", "UID FETCH 1 (UID RFC822.SIZE", "UID FETCH 1 (UID BODY"])
def test_what_a_server_repeats_later_is_not_repeated_either(odd, caplog, capfd, command):
    mails: dict[int, bytes] = {}

    def repeat(caller: ImapCaller, tag: str, _: str) -> None:
        caller.say(f"{tag} NO you said {b' '.join(caller.heard)!r}\r\n")

    with odd_server(lambda caller: caller.serve(mails, instead={command: repeat})) as (port, _):
        source = odd(port)
        assert pay(Visit(source)) is True
        mails[1] = mail("New")
        pay(Visit(source))
    source.refresh_from_db()
    said = {"page": source.last_error, "log": caplog.text, "terminal": "".join(capfd.readouterr())}
    assert "(secret)" in "".join(said.values())
    assert [where for where, words in said.items() if PASSWORD in words] == []


@pytest.mark.parametrize(
    "greeting", [b"* BYE full\r\n", b"garbage\r\n", b"\xff\xfe\x00\r\n", b"* OK", b"", b"* OK " + b"x" * 300]
)
def test_greetings_that_are_none(odd, greeting):
    def talk(caller: ImapCaller) -> None:
        caller.say(greeting)

    with odd_server(talk) as (port, _):
        assert failing(odd(port)).startswith(f"127.0.0.1:{port} says: ")
        assert failing(odd(port, protocol="pop"))


@pytest.mark.parametrize("protocol", ["imap", "pop"])
@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_server_that_never_answers_is_given_up(odd, protocol, security):
    with odd_server(lambda caller: caller.hang()) as (port, _):
        began = time.monotonic()
        assert (
            failing(odd(port, protocol=protocol, security=security))
            == f"127.0.0.1:{port} did not answer in time."
        )
        assert time.monotonic() - began < 3


def test_a_mail_larger_than_it_says_is_not_taken_in(odd, settings):
    settings.MAIL_SIZE_LIMIT = 1000
    mails: dict[int, bytes] = {}

    def enormous(caller: ImapCaller, tag: str, _: str) -> None:
        caller.say("* 1 FETCH (UID 1 BODY[] {99999999999}\r\nx")
        caller.hang()

    with odd_server(lambda caller: caller.serve(mails, instead={"UID FETCH 1 (UID BODY": enormous})) as (
        port,
        _,
    ):
        source = odd(port)
        assert fetch(source) == 0
        mails[1] = mail("Liar")
        assert "more than it said" in failing(source)


def test_a_line_without_an_end_is_not_taken_in(odd, monkeypatch):
    monkeypatch.setattr(imap_client, "LONGEST_LINE", 10_000)

    def talk(caller: ImapCaller) -> None:
        while True:
            caller.say(b"* OK " + b"x" * 10_000)

    with odd_server(talk) as (port, _):
        assert "a line without an end" in failing(odd(port))


def test_a_mail_that_a_server_cannot_give_delays_no_other_and_is_tried_again(odd):
    mails: dict[int, bytes] = {}

    def refuse(caller: ImapCaller, tag: str, _: str) -> None:
        caller.say(f"{tag} NO [SERVERBUG] internal error\r\n")

    instead = {"UID FETCH 2 (UID BODY": refuse}
    with odd_server(lambda caller: caller.serve(mails, instead=instead)) as (port, _):
        source = odd(port)
        fetch(source)
        mails.update({uid: mail(f"Number {uid}") for uid in (1, 2, 3)})
        visit = Visit(source)
        assert pay(visit)
        source.refresh_from_db()
        assert subjects(source) == ["Number 1", "Number 3"]
        assert source.last_error.startswith("1 mails could not be had")
        instead.clear()
        assert fetch(source) == 1


def test_a_mail_that_makes_a_server_hang_up_delays_no_other(odd):
    mails: dict[int, bytes] = {}

    def hang_up(caller: ImapCaller, tag: str, _: str) -> None:
        caller.socket.shutdown(socket.SHUT_RDWR)

    instead = {"UID FETCH 2 (UID BODY": hang_up}
    with odd_server(lambda caller: caller.serve(mails, instead=instead)) as (port, _):
        source = odd(port)
        fetch(source)
        mails.update({uid: mail(f"Number {uid}") for uid in (1, 2, 3)})
        visit = Visit(source)
        assert not pay(visit)
        assert subjects(source) == ["Number 1"]
        assert not pay(visit)
        assert subjects(source) == ["Number 1", "Number 3"]


def test_news_told_before_idle_begins_are_heard(odd, monkeypatch):
    """Else a mail that comes at that instant would wait until the next look."""
    monkeypatch.setattr(visiting, "SECONDS_TO_WAIT", 8)
    mails: dict[int, bytes] = {}

    def idle(caller: ImapCaller, tag: str, _: str) -> None:
        mails[1] = mail("At that instant")
        caller.say("* 1 EXISTS\r\n+ idling\r\n")
        assert caller.hear()[0] == "DONE"
        caller.say(f"{tag} OK done\r\n")

    talk = {"IDLE": idle}
    with odd_server(lambda caller: caller.serve(mails, "IMAP4rev1 IDLE", talk)) as (port, _):
        source = odd(port)
        visit = Visit(source, stay=True, ended=lambda: RawMail.objects.exists())
        began = time.monotonic()
        assert pay(visit)
        assert time.monotonic() - began < 5
        assert subjects(source) == ["At that instant"]


def test_a_server_that_hangs_up_on_who_waits_has_not_failed(odd):
    def idle(caller: ImapCaller, tag: str, _: str) -> None:
        caller.say("+ idling\r\n* BYE too long\r\n")
        caller.socket.shutdown(socket.SHUT_RDWR)

    with odd_server(lambda caller: caller.serve({}, "IMAP4rev1 IDLE", {"IDLE": idle})) as (port, callers):
        source = odd(port)
        assert pay(Visit(source, stay=True))
        source.refresh_from_db()
        assert (source.failures, source.last_error) == (0, "")
        # But not at once again, or we would do nothing else.
        assert (source.next_try_at - source.fetched_at).total_seconds() == 60
    assert len(callers) == 1


def test_news_that_come_in_pieces_are_put_together():
    """Over TLS a line may come in several records, and a record may hold no line."""
    ours, theirs = socket.socketpair()
    client = BoundedClient.__new__(BoundedClient)
    client.sock, client._received = ours, bytearray()
    client.untagged_responses, client.tagged_commands, client.debug = {}, {}, 0
    client._cmd_log_len, client._cmd_log_idx, client._cmd_log = 10, 0, {}
    client._mode_ascii()
    client.tagre = imaplib.re.compile(rb"(?P<tag>AAAA\d+) (?P<type>[A-Z]+) (?P<data>.*)")
    with ours, theirs:
        for piece, news in ((b"* 3", False), (b" EXI", False), (b"STS\r\n* 4 EX", True), (b"ISTS\r\n", True)):
            theirs.sendall(piece)
            assert client.has_news(1) is news
        assert client.mail_has_come()
        began = time.monotonic()
        assert not client.has_news(0.05)
        assert time.monotonic() - began < 1
        theirs.close()
        with pytest.raises(imaplib.IMAP4.abort):
            client.has_news(1)


def test_whoever_waits_is_not_kept_from_ending(odd):
    def idle(caller: ImapCaller, tag: str, _: str) -> None:
        caller.say("+ idling\r\n")
        assert caller.hear()[0] == "DONE"
        caller.say(f"{tag} OK done\r\n")

    ended = threading.Event()
    threading.Timer(0.3, ended.set).start()
    with odd_server(lambda caller: caller.serve({}, "IMAP4rev1 IDLE", {"IDLE": idle})) as (port, callers):
        began = time.monotonic()
        assert pay(Visit(odd(port), stay=True, ended=ended.is_set))
        assert time.monotonic() - began < 3
        assert callers[0].heard[-1].endswith(b"LOGOUT\r\n")
