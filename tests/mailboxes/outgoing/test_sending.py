"""Sending against a real mail server on this machine: taken, refused for now, refused for good, silent."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as django_mail
from django.db import connection
from harbour_office import NOW, open_office

from upheld.mailboxes.outgoing import failures
from upheld.mailboxes.outgoing.reading import outbox, outbox_mail
from upheld.mailboxes.outgoing.send import Sender, configured, send_batch, send_next
from upheld.mailboxes.outgoing.stored_mail import StoredMail
from upheld.notices.models import Notice

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
OUTBOX_BACKEND = "upheld.mailboxes.outbox.OutboxBackend"
REPLY = {"text": "Try this.\n.\n..dots\nFrom here", "agent_name": "Priya", "signature": ""}


@dataclass
class Sink:
    """A mail server that says what it is told to say and keeps what it took."""

    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    recipient_answer: str = "250 OK"
    data_answer: str = "250 OK"
    greetings: int = 0
    slow: str = ""

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.greetings += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.slow in envelope.rcpt_tos:
            await asyncio.sleep(4)
        if self.data_answer.startswith("250"):
            self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return self.data_answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = SMTP_BACKEND
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_TIMEOUT = 5
    yield sink
    controller.stop()


def again(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


def test_a_notice_is_sent_exactly_as_it_is_stored(office, sink):
    notice = office.notice("reply", REPLY)
    assert send_next(NOW)
    sent = again(notice)
    assert (sent.state, sent.sent_at, sent.attempts) == ("sent", NOW, 1)
    [(sender, recipients, raw)] = sink.taken
    assert recipients == ["alice@reader.example"]
    assert sender.endswith("@harbour.example")
    assert raw == bytes(sent.rendered)
    assert not send_next(NOW)


def test_a_batch_shares_one_connection(office, sink):
    for _ in range(5):
        office.notice("reply", REPLY)
    assert send_batch(NOW, 3) == 3
    assert send_batch(NOW, 30) == 2
    assert len(sink.taken) == 5
    assert sink.greetings == 2


def test_what_is_not_yet_due_waits(office, sink):
    office.notice("reply", REPLY, next_try_at=NOW + timedelta(seconds=1))
    assert not send_next(NOW)
    assert send_next(NOW + timedelta(seconds=1))


def test_a_recipient_refused_for_now_is_tried_again_with_the_same_bytes(office, sink):
    notice = office.notice("reply", REPLY)
    sink.recipient_answer = "450 try later"
    assert send_next(NOW)
    first = again(notice)
    assert (first.state, first.attempts) == ("waiting", 1)
    assert timedelta(minutes=1) <= first.next_try_at - NOW <= timedelta(minutes=1.1)
    assert "450 try later" in first.last_error
    assert not send_next(NOW)

    office.ticket.subject = "Changed meanwhile"
    office.ticket.save()
    sink.recipient_answer = "250 OK"
    assert send_next(first.next_try_at)
    assert again(notice).state == "sent"
    assert again(notice).last_error == ""
    assert sink.taken[0][2] == bytes(first.rendered)


def test_a_mail_is_given_up_after_about_three_days(office, sink):
    notice = office.notice("reply", REPLY)
    sink.recipient_answer = "450 try later"
    while again(notice).state == "waiting":
        assert send_next(again(notice).next_try_at)
    last = again(notice)
    assert last.state == "failed"
    assert last.attempts == 10
    assert timedelta(days=2.5) < last.next_try_at - NOW < timedelta(days=3.5)


@pytest.mark.parametrize("refusal", ["recipient_answer", "data_answer"])
def test_a_refusal_for_good_is_not_tried_again_and_says_why(office, sink, refusal):
    notice, other = office.notice("reply", REPLY), office.notice("reply", REPLY)
    setattr(sink, refusal, "550 5.1.1 no such person")
    assert send_next(NOW)
    setattr(sink, refusal, "250 OK")
    assert send_next(NOW)
    failed = again(notice)
    assert (failed.state, failed.sent_at, failed.attempts) == ("failed", None, 1)
    assert "550 5.1.1 no such person" in failed.last_error
    assert again(other).state == "sent"


def test_one_that_cannot_be_rendered_delays_nobody(office, sink):
    poison = office.notice("status", {"meaning": "labels are missing"})
    fine = office.notice("reply", REPLY)
    assert send_batch(NOW, 10) == 2
    assert again(fine).state == "sent"
    assert again(poison).state == "waiting"
    assert "KeyError" in again(poison).last_error


def test_who_was_put_out_meanwhile_is_sent_nothing(office, sink):
    notice = office.notice("reply", REPLY)
    office.alice.removed_at = NOW
    office.alice.save()
    assert send_next(NOW)
    assert again(notice).state == "failed"
    assert again(notice).last_error == "the recipient no longer takes part in the ticket"
    assert sink.taken == []


def test_when_the_mail_server_is_away_all_wait_and_it_is_not_hammered(office, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP_BACKEND, "127.0.0.1", free_port()
    first, second = office.notice("reply", REPLY), office.notice("reply", REPLY)
    with Sender() as sender:
        assert sender.send_next(NOW)
        assert not sender.send_next(NOW + timedelta(seconds=14))
        assert again(second).attempts == 0
        assert sender.send_next(NOW + timedelta(seconds=16))
    assert {again(first).state, again(second).state} == {"waiting"}
    assert "refused" in again(first).last_error


def test_a_mail_server_that_says_nothing_is_left_after_the_timeout(office, settings):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP_BACKEND, "127.0.0.1"
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = silent.getsockname()[1], 0.3
        notice = office.notice("reply", REPLY)
        began = time.monotonic()
        assert send_next(NOW)
        assert time.monotonic() - began < 5
    assert again(notice).state == "waiting"
    assert again(notice).attempts == 1


def test_a_connection_that_broke_between_two_mails_is_opened_anew(office, sink):
    first, second = office.notice("reply", REPLY), office.notice("reply", REPLY)
    with Sender() as sender:
        sender.send_next(NOW)
        sender._way.connection.sock.close()
        sender.send_next(NOW)
        sender.send_next(NOW + timedelta(minutes=2))
    assert again(first).state == again(second).state == "sent"
    assert len(sink.taken) == 2


def start_senders(count: int) -> list[threading.Thread]:
    def work() -> None:
        send_batch(NOW, 100)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.django_db(transaction=True)
def test_several_senders_send_each_mail_once(sink):
    office = open_office()
    notices = [office.notice("reply", REPLY) for _ in range(12)]
    for thread in start_senders(3):
        thread.join(30)
    assert len(sink.taken) == 12
    assert {again(notice).state for notice in notices} == {"sent"}
    assert {again(notice).attempts for notice in notices} == {1}


@pytest.mark.django_db(transaction=True)
def test_a_slow_peer_delays_its_own_mail_only(sink):
    office = open_office()
    slow = office.notice("reply", REPLY, to_address="slow@tar.example")
    others = [office.notice("reply", REPLY) for _ in range(6)]
    sink.slow = "slow@tar.example"
    threads = start_senders(2)
    deadline = time.monotonic() + 30
    while {again(notice).state for notice in others} != {"sent"}:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert again(slow).state == "waiting"
    for thread in threads:
        thread.join(30)
    assert again(slow).state == "sent"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_a_mail_server_with_a_false_certificate_gets_nothing(office, settings, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
    ]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port(), tls_context=context)
    controller.start()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP_BACKEND, "127.0.0.1"
    settings.EMAIL_PORT, settings.EMAIL_USE_TLS = controller.port, True
    notice = office.notice("reply", REPLY)
    assert send_next(NOW)
    controller.stop()
    assert sink.taken == []
    assert again(notice).state == "waiting"
    assert "certificate verify failed" in again(notice).last_error


@pytest.mark.django_db(transaction=True)
def test_bytes_are_stored_before_the_first_attempt(settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    notice = open_office().notice("reply", REPLY)

    def killed(self, notice):
        raise KeyboardInterrupt

    monkeypatch.setattr(Sender, "_hand_over", killed)
    with pytest.raises(KeyboardInterrupt):
        send_next(NOW)
    kept = again(notice)
    assert (kept.state, kept.attempts) == ("waiting", 0)
    monkeypatch.undo()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_next(NOW)
    assert again(notice).state == "sent"
    assert bytes(again(notice).rendered) == bytes(kept.rendered)


def test_without_a_mail_server_nothing_is_claimed_to_be_sent(office, settings):
    settings.EMAIL_BACKEND, settings.DEMO = OUTBOX_BACKEND, False
    notice = office.notice("reply", REPLY)
    assert not configured()
    assert not send_next(NOW)
    assert (again(notice).state, again(notice).attempts) == ("waiting", 0)


def test_in_the_demo_the_outbox_shows_what_would_have_left(office, settings):
    settings.EMAIL_BACKEND, settings.DEMO = OUTBOX_BACKEND, True
    first, second = office.notice("reply", REPLY), office.to_agent("breach", {"metric": "update"})
    assert outbox(10) == []
    send_next(NOW)
    send_next(NOW + timedelta(seconds=1))
    listed = outbox(10)
    assert [mail.notice_id for mail in listed] == [second.pk, first.pk]
    assert listed[1].to == "Alice Archer <alice@reader.example>"
    assert listed[1].subject == "Re: [SDS-1042] Printer on fire"
    assert listed[1].text == ""
    whole = outbox_mail(first.pk)
    assert whole.text.startswith(REPLY["text"])
    assert "<!doctype html>" in whole.html
    assert ("Auto-Submitted", "no") in whole.headers
    assert outbox_mail(first.pk + 1000) is None
    assert len(outbox(1)) == 1


def test_a_providers_backend_gets_the_same_parts(office):
    from upheld.mailboxes.outgoing.render import render

    raw = render(office.notice("reply", REPLY, to_name="Älice, of Harbour"))
    stored = StoredMail(raw)
    assert stored.subject == "Re: [SDS-1042] Printer on fire"
    assert stored.to == ['"Älice, of Harbour" <alice@reader.example>']
    assert stored.reply_to[0].startswith("Harbour Support <support+")
    assert stored.body.startswith("Try this.")
    assert stored.alternatives[0].mimetype == "text/html"
    assert stored.extra_headers["Auto-Submitted"] == "no"
    assert stored.extra_headers["Message-ID"].startswith("<u.")
    assert "Subject" not in stored.extra_headers


def test_files_reach_a_providers_backend_and_the_outbox(office, settings):
    from test_rendering import attach

    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    message = office.wrote("", kind="reply")
    attach(message, "plän.png", b"\x89PNG\r\n\x00", "image/png")
    attach(message, "old.txt", "grün".encode("latin-1"), "text/plain")
    notice = office.notice("reply", REPLY, message_ref=message.pk)
    send_next(NOW)
    picture, text = django_mail.outbox[0].anymail_test_params["attachments"]
    assert (picture.name, picture.mimetype, picture.content) == ("plän.png", "image/png", b"\x89PNG\r\n\x00")
    assert (text.name, text.mimetype) == ("old.txt", "application/octet-stream")
    assert text.content == "grün".encode("latin-1")
    assert outbox_mail(notice.pk).files == ("plän.png", "old.txt")
    assert outbox_mail(notice.pk).text.startswith("Try this.")


@pytest.fixture
def provider(settings):
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    return settings


def test_a_notice_leaves_through_anymail(office, provider):
    notice = office.notice("reply", REPLY)
    send_next(NOW)
    assert again(notice).state == "sent"
    params = django_mail.outbox[0].anymail_test_params
    assert params["to"][0].addr_spec == "alice@reader.example"
    assert params["text_body"].startswith("Try this.")
    assert params["html_body"].startswith("<!doctype html>")
    assert params["extra_headers"]["Message-ID"] == notice.message_id


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, "mail"), (422, "mail"), (401, "way"), (403, "way"), (429, "way"), (500, "way"), (None, "way")],
)
def test_a_providers_errors_are_told_apart(status, expected):
    from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused

    assert failures.blame(AnymailAPIError("no", status_code=status)) == expected
    assert failures.blame(AnymailRecipientsRefused()) == "mail"
