"""An agent answers a ticket by mail."""

from datetime import timedelta

import pytest

from harness.cast import at, utc
from mailboxes.incoming import edge
from mailboxes.incoming.mails import written
from upheld.mailboxes import releasing
from upheld.mailboxes.accept import store
from upheld.mailboxes.answering import MOST_ANSWERS, WITHIN
from upheld.mailboxes.horizon import moment
from upheld.mailboxes.models import MailState
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Membership
from upheld.rules.permissions import Role
from upheld.tickets import actions
from upheld.tickets.keys import agent_token, reply_token
from upheld.tickets.letters import KEPT_ANSWERS_AN_HOUR
from upheld.tickets.models import Message, StoryEvent

BOB = "Bob Tanaka <Bob@desk.example.com>"
ANSWER = "Hold the power button for 30 seconds."


@pytest.fixture
def ticket(cast):
    edge.is_believed()
    ticket = cast.writes("2026-03-19 08:00")
    actions.assign(ticket.pk, cast.lena, cast.bob, at("2026-03-19 08:10"))
    Notice.objects.all().delete()
    return ticket


@pytest.fixture
def bobs(cast, post, ticket):
    """Bob writes to the address at which he answers this ticket."""

    def send(body=ANSWER, **headers):
        to = f"support+{agent_token(cast.bob.pk, ticket.pk)}@desk.example.com"
        values = {"From": BOB, "Subject": "Re: x", "Authentication_Results": edge.PASSED} | headers
        return post.gets(written(body, **values), to=to)

    return send


def told_bob():
    return list(
        Notice.objects.filter(kind=NoticeKind.ANSWER_KEPT)
        .order_by("pk")
        .values_list("to_address", "data__reason")
    )


def test_it_is_his_reply_at_its_receipt_and_the_status_stays(bobs, ticket, cast):
    before = ticket.status
    mail = bobs()
    message = mail.message
    assert (mail.state, message.kind, message.agent) == (MailState.TICKETED, Message.Kind.REPLY, cast.bob)
    assert (message.text, message.channel, message.raw_mail_id) == (ANSWER, "email", mail.pk)
    assert message.at == mail.received_at
    notice = Notice.objects.get(kind=NoticeKind.REPLY)
    assert notice.to_address == "amina@school.example.org"
    assert ANSWER.encode() in render(notice)
    ticket.refresh_from_db()
    assert ticket.status == before
    assert told_bob() == []


def test_an_answer_in_time_is_in_time_however_late_it_is_read(cast, post, ticket):
    """Amina's mail of 08:00 wants a first response; the mail with it lies unread while the target passes."""
    due = ticket.next_due_at
    post.at = due - timedelta(minutes=2)
    to = f"support+{agent_token(cast.bob.pk, ticket.pk)}@desk.example.com"
    answer = written(ANSWER, From=BOB, Authentication_Results=edge.PASSED)
    mail = post.receives(answer, to=to)
    actions.settle_ticket(ticket.pk, moment(cast.desk.pk, due + timedelta(hours=3)))
    post.takes_in(later=timedelta(hours=4))
    mail.refresh_from_db()
    assert mail.message.kind == Message.Kind.REPLY
    verdicts = StoryEvent.objects.filter(ticket=ticket, kind="verdict", data__metric="first_response")
    assert [(each.data["verdict"], each.at) for each in verdicts] == [("met", mail.received_at)]


def test_what_he_quotes_goes_to_nobody(bobs):
    quoted = f"{ANSWER}\r\n\r\nOn 19 March 2026 at 09:00, Desk <support@desk.example.com> wrote:\r\n> For agents only"
    message = bobs(quoted).message
    assert message.text.strip() == ANSWER
    assert "For agents only" not in message.text + message.quoted_text + message.html
    assert b"For agents only" not in render(Notice.objects.get(kind=NoticeKind.REPLY))


def test_where_our_own_words_cannot_be_told_from_his_nothing_is_sent(bobs, ticket, settings):
    link = f"{settings.UPHELD_URL}/tickets/{ticket.number}/"
    mail = bobs(f"{ANSWER}\r\n--- odd mark ---\r\nAmina wrote. Open the ticket: {link}")
    assert (mail.state, mail.ticket, ticket.messages.count()) == (MailState.KEPT, ticket, 1)
    assert "cannot be told" in told_bob()[0][1]


def test_nor_where_the_link_stands_in_markup_alone(bobs, ticket, settings):
    link = f"{settings.UPHELD_URL}/tickets/{ticket.number}/"
    html = f"<p>{ANSWER}</p><p>~~~</p><p>Amina wrote.</p><p><a href='{link}'>Open the ticket</a></p>"
    body = f"--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b--"
    mail = bobs(body, Mime_Version="1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nX-Rest: x")
    assert (mail.state, ticket.messages.count()) == (MailState.KEPT, 1)


def test_his_files_go_with_it(bobs):
    body = (
        f"--b\r\nContent-Type: text/plain\r\n\r\n{ANSWER}\r\n--b\r\nContent-Type: text/plain\r\n"
        'Content-Disposition: attachment; filename="steps.txt"\r\n\r\none, two\r\n--b--'
    )
    raw = bobs(body, Mime_Version="1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nX-Rest: x")
    assert [file.name for file in raw.message.attachments.all()] == ["steps.txt"]


def test_a_file_that_is_too_large_keeps_the_answer(bobs, settings):
    settings.ATTACHMENT_SIZE_LIMIT = 3
    body = (
        f"--b\r\nContent-Type: text/plain\r\n\r\n{ANSWER}\r\n--b\r\nContent-Type: text/plain\r\n"
        'Content-Disposition: attachment; filename="steps.txt"\r\n\r\none, two\r\n--b--'
    )
    mail = bobs(body, Mime_Version="1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nX-Rest: x")
    assert mail.state == MailState.KEPT
    assert "file is larger" in told_bob()[0][1]


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (edge.FAILED, "did not come from its sender's domain"),
        ("", "nobody has checked"),
        ("mx.evil.example.net; dmarc=pass", "nobody has checked"),
    ],
)
def test_without_a_passed_check_it_is_kept_and_he_is_told_why(bobs, ticket, says, words):
    mail = bobs(Authentication_Results=says)
    assert (mail.state, mail.ticket, ticket.messages.count()) == (MailState.KEPT, ticket, 1)
    assert words in mail.reason
    assert told_bob() == [("bob@desk.example.com", mail.reason)]


def test_the_right_is_asked_as_it_is_now(bobs, cast, ticket):
    Membership.objects.filter(agent=cast.bob).delete()
    mail = bobs()
    assert (mail.state, ticket.messages.count()) == (MailState.KEPT, 1)
    assert "no right" in mail.reason
    assert told_bob() == []  # whoever left the desk hears nothing more of it


def test_a_closed_account_answers_nobody(bobs, cast, ticket):
    type(cast.bob.user).objects.filter(pk=cast.bob.user_id).update(is_active=False)
    assert (bobs().state, told_bob(), ticket.messages.count()) == (MailState.KEPT, [], 1)


def test_a_leads_right_is_enough(bobs, cast):
    Membership.objects.filter(agent=cast.bob).update(role=Role.lead.value)
    assert bobs().message.kind == Message.Kind.REPLY


def test_on_another_desk_his_address_is_worth_nothing(cast, post, charlie, ticket):
    """Charlie administers another desk; the token names Bob's ticket, and the mail came to Charlie's mailbox."""
    other = charlie.memberships.get().desk.mailboxes.get()
    to = f"help+{agent_token(cast.bob.pk, ticket.pk)}@other.example.com"
    raw = written(ANSWER, From=BOB, Authentication_Results=edge.PASSED)
    mail = store(raw, way="smtp", mailbox=other, envelope_to=to, read_clock=lambda: post.at)
    post.takes_in()
    mail.refresh_from_db()
    assert (mail.ticket == ticket, ticket.messages.count()) == (False, 1)


@pytest.mark.parametrize("mark", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}])
def test_an_absence_note_is_no_answer_and_starts_no_talk(bobs, ticket, mark):
    mail = bobs("I am away until Monday.", **mark)
    assert (mail.message.kind, mail.message.released) == (Message.Kind.MACHINE, False)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "On 19 March 2026 at 09:00, Desk <support@desk.example.com> wrote:\r\n> For agents only",
            "quotes our mail",
        ),
        (f"> For agents only\r\n{ANSWER}\r\n> And this\r\nGood luck", "quotes our mail"),
        ("  \r\n", "says nothing"),
    ],
)
def test_what_cannot_be_told_from_our_own_mail_is_kept(bobs, body, words):
    assert bobs(body).state == MailState.KEPT
    assert words in told_bob()[0][1]


def test_the_same_mail_twice_is_one_answer(bobs):
    first, second = bobs(Message_ID="<one@desk.example.com>"), bobs(Message_ID="<one@desk.example.com>")
    assert second.reason == f"duplicate of mail {first.pk}"
    by_another_way = bobs(Message_ID="<one@desk.example.com>", Received="by another way")
    assert by_another_way.message == first.message
    assert Message.objects.filter(kind=Message.Kind.REPLY).count() == 1
    assert Notice.objects.filter(kind=NoticeKind.REPLY).count() == 1


def test_two_programs_that_answer_each_other_through_the_desk_end(bobs, cast, post, ticket):
    """Bob's answers every notice, Amina's every reply; neither says what it is, and neither is quick."""
    to = f"support+{reply_token(ticket.participants.get())}@desk.example.com"
    for number in range(3 * MOST_ANSWERS):
        post.at += timedelta(minutes=2)
        post.gets(written(f"I am away, she says {number}"), to=to)
        mail = bobs(f"I am away, he says {number}")
        if mail.state == MailState.KEPT:
            break
    assert ticket.messages.filter(kind=Message.Kind.REPLY).count() == MOST_ANSWERS
    assert f"there were {MOST_ANSWERS}" in mail.reason
    assert told_bob() == [(cast.bob.address, mail.reason)]
    # What a person sends on counts whatever the number, and an hour later he may go on.
    sent = releasing.release_onto(mail.pk, ticket.pk, cast.lena, at("2026-03-19 10:00"), post.pool)
    assert sent.kind == Message.Kind.REPLY
    post.at += WITHIN
    assert bobs("Here I am.").message.kind == Message.Kind.REPLY


def test_he_is_told_only_so_often_that_something_is_kept(bobs):
    for number in range(KEPT_ANSWERS_AN_HOUR + 3):
        bobs(f"number {number}", Authentication_Results="")
    assert len(told_bob()) == KEPT_ANSWERS_AN_HOUR


def test_the_same_kept_answer_twice_waits_once_and_is_told_once(bobs):
    first, second = bobs(Authentication_Results=""), bobs(Authentication_Results="")
    assert (first.state, second.state) == (MailState.KEPT, MailState.IGNORED)
    assert second.reason == f"duplicate of mail {first.pk}, which is kept"
    assert len(told_bob()) == 1


def test_where_nobody_is_believed_no_agent_answers_by_mail(bobs, cast):
    cast.desk.mailboxes.update(checked_by="")
    assert bobs().state == MailState.KEPT


def test_the_clock_of_the_first_response_ends_with_it(bobs, ticket):
    mail = bobs()
    met = StoryEvent.objects.get(ticket=ticket, kind="verdict", data__metric="first_response")
    assert (met.data["verdict"], met.at) == ("met", mail.received_at)
    assert mail.received_at > utc("2026-03-19 09:00")
