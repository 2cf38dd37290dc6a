"""From whom the envelope of a mail says that it comes, read at a real mail server."""

import smtplib
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as django_mail
from harbour_office import NOW, read
from kinds import ALL_KINDS

from harness.desk import free_ports
from upheld.mailboxes.outgoing import failures
from upheld.mailboxes.outgoing.envelope import plus
from upheld.mailboxes.outgoing.send import send_next
from upheld.notices.models import Notice
from upheld.tickets.keys import bounced_notice


class Server:
    """A mail server that keeps what was said to it, and takes the senders that it knows."""

    def __init__(self) -> None:
        self.senders: list[str] = []
        self.taken: list[tuple[str, list[str]]] = []
        self.knows = lambda sender: "250 OK"
        self.says_so_at_the_recipient = False

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        self.senders.append(address)
        answer = "250 OK" if self.says_so_at_the_recipient else self.knows(address)
        if answer.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.knows(envelope.mail_from) if self.says_so_at_the_recipient else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append((envelope.mail_from, envelope.rcpt_tos))
        return "250 OK"


@pytest.fixture
def server(settings) -> Iterator[Server]:
    server = Server()
    [port] = free_ports(1)
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    yield server
    controller.stop()


def test_an_acknowledgement_has_no_sender_to_answer(office, server):
    office.notice("acknowledgement", ALL_KINDS["acknowledgement"])
    assert send_next(NOW)
    assert server.taken == [("<>", ["alice@reader.example"])]


@pytest.mark.parametrize("kind", ["bounced", "answer_kept"])
def test_what_answers_a_machine_or_by_itself_cannot_come_back(office, server, kind):
    office.to_agent(kind, ALL_KINDS[kind])
    assert send_next(NOW)
    assert server.taken == [("<>", ["priya@desk.example"])]


@pytest.mark.parametrize("kind", ["reply", "status", "reminder", "breach", "customer_wrote", "digest"])
def test_every_other_mail_comes_back_under_its_own_token(office, server, kind):
    notice = office.to_agent(kind, ALL_KINDS[kind]) if kind not in ("reply", "status", "reminder") else None
    notice = notice or office.notice(kind, ALL_KINDS[kind])
    assert send_next(NOW)
    [(sender, _)] = server.taken
    local, _, domain = sender.partition("@")
    assert domain == "harbour.example"
    assert bounced_notice(local.removeprefix("support+")) == notice.pk


def test_the_reader_sees_the_mailbox_and_nothing_of_the_token(office, server):
    notice = office.notice("reply", ALL_KINDS["reply"])
    send_next(NOW)
    mail = read(Notice.objects.get(pk=notice.pk))
    assert str(mail["From"]) == "Harbour Support <support@harbour.example>"
    assert server.senders[0].encode() not in bytes(Notice.objects.get(pk=notice.pk).rendered)


def test_a_mail_about_signing_in_comes_from_the_program(office, server, settings):
    nobodys = {"desk": None, "ticket_id": None, "ticket_number": "", "participant_id": None}
    office.notice("account", ALL_KINDS["account"], **nobodys)
    assert send_next(NOW)
    assert server.taken[0][0] == settings.DEFAULT_FROM_EMAIL


@pytest.mark.parametrize("at_the_recipient", [False, True])
@pytest.mark.parametrize("kind", ["acknowledgement", "reply"])
def test_a_server_that_knows_the_mailbox_only_gets_the_mail_under_it(office, server, kind, at_the_recipient):
    """Postfix, as it comes, says what it thinks of a sender when it hears the recipient."""
    server.says_so_at_the_recipient = at_the_recipient
    server.knows = lambda sender: "250 OK" if sender == "support@harbour.example" else "553 not yours"
    notice = office.notice(kind, ALL_KINDS[kind])
    assert send_next(NOW)
    assert server.taken == [("support@harbour.example", ["alice@reader.example"])]
    assert len(server.senders) == 2
    assert Notice.objects.get(pk=notice.pk).state == "sent"


@pytest.mark.parametrize(
    ("answer", "tried", "state"), [("550 nobody", 2, "failed"), ("451 later", 1, "waiting")]
)
def test_a_recipient_whom_nobody_knows_stays_unknown(office, server, answer, tried, state):
    server.says_so_at_the_recipient, server.knows = True, lambda sender: answer
    notice = office.notice("reply", ALL_KINDS["reply"])
    assert send_next(NOW)
    assert (len(server.senders), Notice.objects.get(pk=notice.pk).state) == (tried, state)


def test_a_sender_refused_for_now_waits_instead_of_taking_another(office, server):
    server.knows = lambda sender: "451 later"
    notice = office.notice("reply", ALL_KINDS["reply"])
    assert send_next(NOW)
    assert len(server.senders) == 1
    kept = Notice.objects.get(pk=notice.pk)
    assert (kept.state, kept.attempts) == ("waiting", 1)
    assert "451 later" in kept.last_error


def test_a_server_that_takes_no_sender_of_ours_keeps_the_mail_for_later(office, server):
    server.knows = lambda sender: "553 not yours"
    notice = office.notice("reply", ALL_KINDS["reply"])
    assert send_next(NOW)
    assert Notice.objects.get(pk=notice.pk).state == "waiting"
    refused = smtplib.SMTPSenderRefused(553, b"not yours", "support@harbour.example")
    assert failures.blame(refused) == "way"


def test_a_providers_backend_sees_the_mailbox_as_sender(office, settings):
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    notice = office.notice("acknowledgement", ALL_KINDS["acknowledgement"])
    send_next(NOW)
    assert Notice.objects.get(pk=notice.pk).state == "sent"
    assert django_mail.outbox[0].anymail_test_params["from"].addr_spec == "support@harbour.example"


def test_a_mailbox_whose_name_leaves_no_room_for_a_token_goes_without(office, server):
    long = "a" * 50 + "@harbour.example"
    type(office.mailbox).objects.update(address=long)
    office.notice("reply", ALL_KINDS["reply"])
    send_next(NOW)
    assert server.taken[0][0] == long
    assert plus(long, "b1-" + "a" * 16) is None


def test_failed_attempts_last_three_to_five_days_and_say_what_was_said(office, server):
    server.knows = lambda sender: "451 busy"
    notice = office.notice("reply", ALL_KINDS["reply"])
    tried = []
    while Notice.objects.get(pk=notice.pk).state == "waiting":
        at = Notice.objects.get(pk=notice.pk).next_try_at
        tried.append(at)
        assert send_next(at)
    last = Notice.objects.get(pk=notice.pk)
    assert (last.state, last.attempts, len(tried)) == ("failed", 10, 10)
    assert 2.9 < (tried[-1] - NOW).total_seconds() / 86400 < 5
    assert "451 busy" in last.last_error
