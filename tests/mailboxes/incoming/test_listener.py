"""Conversations with the real listener: what it takes, what it refuses, and when it says 250."""

import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError

from mailboxes.incoming.mails import written
from upheld.mailboxes import arriving, listener
from upheld.mailboxes.accept import store
from upheld.mailboxes.models import RawMail

SUPPORT = "support@desk.example.com"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stop() -> threading.Event:
    """Set to stop the listener."""
    return threading.Event()


@pytest.fixture
def port(cast, settings, stop) -> Iterator[int]:
    """The port of a running listener."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    settings.SMTP_ADDRESS = f"127.0.0.1:{number}"
    settings.MAIL_SIZE_LIMIT = 100_000
    running = threading.Thread(target=listener.main, args=(stop,))
    running.start()
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", number), timeout=1).close()
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    yield number
    stop.set()
    running.join(10)
    assert not running.is_alive()


@pytest.fixture
def client(port) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.ehlo()
        yield client


def raw_conversation(port: int, data: bytes) -> bytes:
    """Send the bytes of a mail after DATA exactly as they are, then QUIT; return all answers."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        answers = line.makefile("rb")
        for command in (
            b"EHLO x",
            b"MAIL FROM:<a@b.example>",
            b"RCPT TO:<support@desk.example.com>",
            b"DATA",
        ):
            line.sendall(command + b"\r\n")
            while answers.readline()[3:4] == b"-":
                pass
        answers.readline()
        line.sendall(data + b"\r\n.\r\nQUIT\r\n")
        return answers.read()


def test_a_mail_is_stored_before_250(client):
    client.sendmail("amina@school.example.org", [SUPPORT], written())
    mail = RawMail.objects.get()
    assert (mail.way, mail.envelope_from, mail.envelope_to) == ("smtp", "amina@school.example.org", SUPPORT)
    assert bytes(mail.raw) == written()
    assert mail.peer == "127.0.0.1"


def test_the_empty_return_path_is_kept_apart_from_an_unknown_one(client):
    client.sendmail("", [SUPPORT], written())
    assert RawMail.objects.get().envelope_from == "<>"


def test_one_row_a_mailbox_and_the_token_is_kept(client, cast):
    cast.desk.mailboxes.create(address="sales@desk.example.com")
    addresses = [SUPPORT, "support+7-1-abcdefghabcdefgh@desk.example.com", "sales@desk.example.com"]
    client.sendmail("a@b.example", addresses, written())
    assert sorted(RawMail.objects.values_list("envelope_to", flat=True)) == sorted(addresses[1:])


def test_an_unknown_recipient_is_refused_while_the_sender_is_there(client):
    refused = client.sendmail("a@b.example", [SUPPORT, "nobody@desk.example.com"], written())
    assert refused["nobody@desk.example.com"][0] == 550
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        client.sendmail("a@b.example", ["support@elsewhere.example"], written())
    assert RawMail.objects.count() == 1


def test_a_mail_above_the_limit_is_refused(client):
    assert client.esmtp_features["size"] == "100000"
    with pytest.raises(smtplib.SMTPSenderRefused):
        client.sendmail("a@b.example", [SUPPORT], b"x" * 200_000)
    client.mail("a@b.example")
    client.rcpt(SUPPORT)
    code, _ = client.data(b"x\r\n" * 50_000)
    assert code == 552
    assert RawMail.objects.count() == 0


def test_long_lines_and_any_bytes_are_taken(client):
    body = b"From: a@b.example\r\n\r\n" + b"\xff\x00" * 20_000 + b"\r\n"
    client.sendmail("a@b.example", [SUPPORT], body, mail_options=["BODY=8BITMIME", "SMTPUTF8"])
    assert bytes(RawMail.objects.get().raw) == body


@pytest.mark.parametrize(
    "almost",
    [b"\n.\n", b"\n.\r\n", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r.\r", b"\r\n.\n\r\n", b"\n.\r\r\n"],
)
def test_only_the_exact_end_of_data_ends_it(port, almost):
    smuggled = b"MAIL FROM:<ceo@b.example>\r\nRCPT TO:<support@desk.example.com>\r\nDATA\r\nFrom: c@d.example\r\n\r\nx"
    answers = raw_conversation(port, b"From: a@b.example\r\n\r\nhello" + almost + smuggled)
    assert answers.startswith(b"250 ") and answers.count(b"250 ") == 1
    assert b"MAIL FROM:<ceo@b.example>" in bytes(RawMail.objects.get().raw)


def test_what_comes_behind_the_end_is_the_next_command(port):
    again = b"MAIL FROM:<c@d.example>\r\nRCPT TO:<support@desk.example.com>\r\nDATA\r\nFrom: c@d.example\r\n\r\nTwo"
    answers = raw_conversation(port, b"From: a@b.example\r\n\r\nOne\r\n.\r\n" + again)
    assert [answer[:3] for answer in answers.splitlines()] == [b"250", b"250", b"250", b"354", b"250", b"221"]
    assert [bytes(mail.raw)[-5:] for mail in RawMail.objects.order_by("pk")] == [b"One\r\n", b"Two\r\n"]


def test_it_offers_neither_encryption_nor_a_sign_in(client):
    assert not client.has_extn("starttls")
    assert not client.has_extn("auth")
    assert client.docmd("STARTTLS")[0] >= 400
    assert client.docmd("AUTH", "PLAIN AGEAYg==")[0] >= 400
    client.sendmail("a@b.example", [SUPPORT], written())
    assert RawMail.objects.count() == 1


def test_data_without_recipients_or_with_a_word_is_refused(client):
    assert client.docmd("DATA")[0] == 503
    client.mail("a@b.example")
    client.rcpt(SUPPORT)
    assert client.docmd("DATA", "now")[0] == 501
    assert client.data(written())[0] == 250


@pytest.mark.parametrize("in_memory", [100, 1_000_000])
def test_a_mail_is_stored_as_it_came_in_memory_or_in_a_file(client, monkeypatch, in_memory):
    monkeypatch.setattr(arriving, "IN_MEMORY", in_memory)
    body = written("\r\n".join(f".{'.' * (number % 3)} line {number}" for number in range(3000)))
    client.sendmail("a@b.example", [SUPPORT], body)
    assert bytes(RawMail.objects.get().raw) == body


@pytest.fixture
def room_for_one(monkeypatch):
    """A listener that keeps one mail of the largest size in a file, and nearly nothing in memory."""
    monkeypatch.setattr(listener, "LARGEST_AT_ONCE", 1)
    monkeypatch.setattr(arriving, "IN_MEMORY", 10_000)


def test_without_room_a_large_mail_is_asked_to_come_again_and_small_ones_pass(room_for_one, port):
    large, small = written("x" * 60_000), written("y")
    with smtplib.SMTP("127.0.0.1", port) as slow, smtplib.SMTP("127.0.0.1", port) as other:
        slow.ehlo()
        slow.mail("slow@b.example")
        slow.rcpt(SUPPORT)
        assert slow.docmd("DATA")[0] == 354
        slow.send(large)
        # Until it lies there: the other one hears so, whenever that is.
        deadline = time.monotonic() + 10
        while (answer := _sent(other, large, told=False)) == 250:
            assert time.monotonic() < deadline
        assert answer == 452
        assert _sent(other, large, told=True) == 452
        assert _sent(other, small, told=True) == 250
        slow.send(b".\r\n")
        assert slow.getreply()[0] == 250
        assert _sent(other, large, told=True) == 250
    assert RawMail.objects.filter(envelope_from="slow@b.example").count() == 1


def _sent(client: smtplib.SMTP, mail: bytes, *, told: bool) -> int:
    """The last answer to a mail, of which the size is told before or is not."""
    client.ehlo_or_helo_if_needed()
    client.rset()
    client.mail("a@b.example", [f"SIZE={len(mail)}"] if told else [])
    client.rcpt(SUPPORT)
    code, _ = client.docmd("DATA")
    if code != 354:
        return code
    client.send(mail + b".\r\n")
    return client.getreply()[0]


def test_where_no_file_can_be_made_a_large_mail_comes_again(room_for_one, client, settings, tmp_path):
    place, settings.DATA_DIR = settings.DATA_DIR, tmp_path / "absent"
    assert _sent(client, written("x" * 60_000), told=True) == 452
    assert _sent(client, written("x"), told=True) == 250
    settings.DATA_DIR = place
    assert _sent(client, written("x" * 60_000), told=True) == 250


def test_a_leading_dot_comes_back(port):
    raw_conversation(port, b"From: a@b.example\r\n\r\n..hidden\r\n...")
    assert bytes(RawMail.objects.get().raw).endswith(b"\r\n.hidden\r\n..\r\n")


def test_a_connection_lost_within_data_stores_nothing(port):
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(
            b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@desk.example.com>\r\nDATA\r\nFrom: a@b\r\n"
        )
        time.sleep(0.2)
    time.sleep(0.1)
    assert RawMail.objects.count() == 0


def test_a_doubtful_store_means_later_and_the_connection_goes_on(client, monkeypatch):
    def fails(*_: object, **__: object) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(listener, "store", fails)
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            client.sendmail("a@b.example", [SUPPORT], written())
    assert refusal.value.smtp_code == 451
    client.sendmail("a@b.example", [SUPPORT], written())
    assert RawMail.objects.count() == 1


def test_a_mailbox_that_cannot_be_looked_up_means_later(client, monkeypatch):
    def fails(_: str) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(listener, "find_mailbox", fails)
        client.mail("a@b.example")
        assert client.rcpt(SUPPORT)[0] == 451


def test_connections_end_where_the_limit_is(port, monkeypatch):
    monkeypatch.setattr(listener, "CONNECTIONS", 2)
    with smtplib.SMTP("127.0.0.1", port), smtplib.SMTP("127.0.0.1", port):
        with pytest.raises(smtplib.SMTPConnectError) as refusal:
            smtplib.SMTP("127.0.0.1", port)
        assert refusal.value.smtp_code == 421
    with smtplib.SMTP("127.0.0.1", port) as client:
        assert client.noop()[0] == 250


def test_recipients_are_counted(client, monkeypatch):
    monkeypatch.setattr(listener, "RECIPIENTS", 2)
    client.mail("a@b.example")
    assert [client.rcpt(SUPPORT)[0] for _ in range(3)] == [250, 250, 452]


def test_a_mailbox_with_a_plus_of_its_own_gets_its_mail_although_its_neighbour_is_known(client, cast):
    cast.desk.mailboxes.create(address="support+vip@desk.example.com")
    client.sendmail("a@b.example", [SUPPORT], written())
    client.sendmail("a@b.example", ["Support+VIP@desk.example.com"], written())
    assert sorted(RawMail.objects.values_list("mailbox__address", flat=True)) == [
        "support+vip@desk.example.com",
        SUPPORT,
    ]


def test_a_stop_lets_a_mail_that_is_being_stored_be_answered(port, stop, monkeypatch):
    storing = threading.Event()

    def slow(*values: object, **details: object) -> RawMail:
        storing.set()
        time.sleep(0.3)
        return store(*values, **details)  # type: ignore[arg-type]

    monkeypatch.setattr(listener, "store", slow)
    client, idle = smtplib.SMTP("127.0.0.1", port), smtplib.SMTP("127.0.0.1", port)
    with ThreadPoolExecutor() as threads:
        sending = threads.submit(client.sendmail, "a@b.example", [SUPPORT], written())
        assert storing.wait(5)
        stop.set()
        assert sending.result() == {}
    assert idle.getreply()[0] == 421
    client.close()
    idle.close()
    assert RawMail.objects.count() == 1
