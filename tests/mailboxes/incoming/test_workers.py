"""Several workers at once, and mails that name each other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from mailboxes.incoming import edge
from mailboxes.incoming.mails import written
from upheld.mailboxes import releasing
from upheld.mailboxes.ingest import claim_and_ingest
from upheld.mailboxes.models import MailState, RawMail
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Contact
from upheld.tickets.keys import agent_token
from upheld.tickets.models import Message, Ticket
from upheld.tickets.moment import Moment

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


@pytest.mark.parametrize(
    "named", [{"Message_ID": "<one@school.example.org>"}, {"Date": "Thu, 19 Mar 2026 09:00:00 +0000"}]
)
def test_copies_of_one_mail_taken_in_at_once_become_one_ticket(post, named):
    for way in range(8):
        copy = f"Received: by way {way}\r\n".encode() if way % 2 else b""
        post.receives(copy + written(**named))
    workers(post)
    assert Ticket.objects.count() == 1
    assert RawMail.objects.filter(state=MailState.TICKETED, ticket=Ticket.objects.get()).count() == 8


def test_copies_of_an_agents_answer_taken_in_at_once_are_one_answer(cast, post):
    edge.is_believed()
    ticket = cast.writes("2026-03-19 08:00")
    to = f"support+{agent_token(cast.bob.pk, ticket.pk)}@desk.example.com"
    for way in range(6):
        named = {"Message_ID": "<one@desk.example.com>", "Authentication_Results": edge.PASSED}
        post.receives(written("Try this.", From=cast.bob.address, Received=f"by way {way}", **named), to=to)
    workers(post)
    assert ticket.messages.filter(kind=Message.Kind.REPLY).count() == 1
    assert Notice.objects.filter(kind=NoticeKind.REPLY).count() == 1
    assert set(RawMail.objects.values_list("state", flat=True)) == {MailState.TICKETED}


def test_copies_of_a_kept_mail_taken_in_at_once_wait_once(post):
    for _ in range(6):
        post.receives(written(From="nobody"))
    workers(post)
    assert sorted(RawMail.objects.values_list("state", flat=True)) == [MailState.IGNORED] * 5 + [
        MailState.KEPT
    ]


def test_one_mail_released_by_two_people_at_once_is_one_ticket(cast, post):
    cast.desk.mailboxes.update(is_list=False)
    mail = post.gets(written(List_Id="<staff.school.example.org>"))
    assert mail.state == MailState.IGNORED

    def release(agent):
        try:
            return releasing.release_as_ticket(mail.pk, agent, Moment.exactly(post.at), post.pool).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(release, [cast.lena, cast.ada]))) == 1
    assert Ticket.objects.count() == 1
