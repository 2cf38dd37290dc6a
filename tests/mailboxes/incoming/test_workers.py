"""Several workers at once, and mails that name each other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from mailboxes.incoming.mails import written
from upheld.mailboxes.ingest import claim_and_ingest
from upheld.mailboxes.models import MailState, RawMail
from upheld.people.models import Contact
from upheld.tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def work(post) -> None:
    """One worker takes in until nothing is due that nobody else holds."""
    for _ in range(100):
        if not claim_and_ingest(post.pool, post.at):
            break
    connection.close()


def workers(post, count: int = 4) -> None:
    with ThreadPoolExecutor(count) as threads:
        list(threads.map(work, [post] * count))
    work(post)


def test_every_mail_is_taken_in_once(post):
    for number in range(30):
        post.receives(written(body=f"number {number}", From=f"noor{number % 3}@school.example.org"))
    workers(post)
    assert set(RawMail.objects.values_list("state", "attempts")) == {(MailState.TICKETED, 1)}
    assert Ticket.objects.count() == Message.objects.count() == 30
    assert Contact.objects.filter(address__startswith="noor").count() == 3


def test_copies_of_one_mail_taken_in_at_once_become_one_ticket(post):
    for way in range(8):
        copy = f"Received: by way {way}\r\n".encode() if way % 2 else b""
        post.receives(copy + written(Message_ID="<one@school.example.org>"))
    workers(post)
    assert Ticket.objects.count() == 1
    assert RawMail.objects.filter(state=MailState.TICKETED, ticket=Ticket.objects.get()).count() == 8
