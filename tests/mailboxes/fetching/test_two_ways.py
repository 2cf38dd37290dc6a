"""One mail by two ways is one message; another mail under a used Message-ID is its own."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from mailboxes.fetching.accounts import fetch, mail
from mailboxes.incoming.desk_mail import SameProcess
from upheld.mailboxes.accept import store
from upheld.mailboxes.ingest import claim_and_ingest
from upheld.mailboxes.models import MailState, RawMail, Source
from upheld.tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def read_everything() -> None:
    """A worker reads what is there."""
    while claim_and_ingest(SameProcess(), datetime.now(UTC)):  # type: ignore[arg-type]
        pass


def at_once(*work) -> None:
    def run(each) -> None:
        each()
        connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_mail_that_comes_by_smtp_and_lies_in_the_account_is_one_message(post, account):
    source = post.begun(account)
    other = post.begun(account, protocol="pop")
    mailbox = source.mailbox
    for number in range(8):
        raw = mail(f"Number {number}")
        account.gets(b"Delivered-To: support@desk.example.com\r\n" + raw)

        def by_smtp(raw=raw) -> None:
            store(raw, way="smtp", mailbox=mailbox, envelope_from="amina@school.example.org")

        def by_account(source: Source) -> None:
            fetch(Source.objects.select_related("mailbox").get(pk=source.pk))

        at_once(
            by_smtp, lambda: by_account(source), lambda: by_account(other), read_everything, read_everything
        )
    at_once(read_everything, read_everything)
    read_everything()
    assert sorted(RawMail.objects.values_list("way", flat=True)) == ["imap"] * 8 + ["pop"] * 8 + ["smtp"] * 8
    assert set(RawMail.objects.values_list("state", flat=True)) == {MailState.TICKETED}
    assert sorted(Ticket.objects.values_list("subject", flat=True)) == [
        f"Number {number}" for number in range(8)
    ]
    assert Message.objects.count() == 8


def test_another_mail_under_a_used_message_id_is_its_own(post, account):
    source = post.begun(account)
    used = "<used@school.example.org>"
    store(mail("Mine", Message_ID=used), way="smtp", mailbox=source.mailbox)
    account.gets(
        mail("Theirs", "Something else.", Message_ID=used, From="Bob <bob@elsewhere.example.org>"),
        mail("Mine again", "Another text.", Message_ID=used),
    )
    assert fetch(source) == 2
    read_everything()
    texts = sorted(Message.objects.values_list("text", flat=True))
    assert texts == ["Another text.", "Hello.", "Something else."]
