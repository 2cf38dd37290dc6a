"""Mail of ours that came back: its notice is marked, who is responsible is told, and nothing talks to itself."""

import pytest

from harness.cast import at
from mailboxes.incoming.mails import written
from upheld.mailboxes.accept import store
from upheld.mailboxes.models import MailState
from upheld.notices.models import Notice, NoticeKind, NoticeState
from upheld.tickets import actions
from upheld.tickets.keys import bounce_token, new_message_id
from upheld.tickets.models import Message, Ticket


@pytest.fixture
def ticket(cast):
    ticket = cast.writes("2026-03-19 08:00")
    actions.assign(ticket.pk, cast.lena, cast.bob, at("2026-03-19 08:10"))
    actions.reply(ticket.pk, cast.bob, "Try this.", at("2026-03-19 08:20"))
    Notice.objects.update(state=NoticeState.SENT)
    return ticket


@pytest.fixture
def reply(ticket):
    return Notice.objects.get(kind=NoticeKind.REPLY)


def report(original: str = "", *, action: str = "failed", status: str = "5.1.1", **headers: str) -> bytes:
    """A report of another mail server (RFC 3464) about a mail."""
    mail = f"Message-ID: {original}\r\nSubject: Re: x\r\nTo: amina@school.example.org\r\n" if original else ""
    body = (
        "--r\r\nContent-Type: text/plain\r\n\r\nYour mail did not arrive.\r\n"
        "--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.school.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; amina@school.example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"\r\n--r\r\nContent-Type: text/rfc822-headers\r\n\r\n{mail}\r\n--r--"
    )
    values = {
        "From": "Mail Delivery System <MAILER-DAEMON@mx.school.example.org>",
        "Subject": "Undelivered Mail Returned to Sender",
        "Mime_Version": "1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\nX-Rest: x",
    }
    return written(body, **(values | headers))


def returning(notice: Notice) -> str:
    return f"Support+{bounce_token(notice.pk).upper()}@desk.example.com"


def told():
    return list(Notice.objects.filter(kind=NoticeKind.BOUNCED).order_by("pk"))


@pytest.mark.parametrize("way", ["by message-id", "by token", "by both"])
def test_the_notice_is_marked_and_the_assignee_is_told(post, ticket, reply, cast, way):
    before = Ticket.objects.get(pk=ticket.pk)
    raw = report("" if way == "by token" else reply.message_id)
    to = "support@desk.example.com" if way == "by message-id" else returning(reply)
    mail = post.gets(raw, to=to, sender="<>")
    reply.refresh_from_db()
    assert (reply.state, reply.bounced_at) == (NoticeState.BOUNCED, mail.received_at)
    assert reply.last_error == "bounced: 5.1.1 amina@school.example.org"
    (notice,) = told()
    assert (notice.to_address, notice.ticket_number) == (cast.bob.address, ticket.number)
    assert (notice.data["recipient"], notice.data["status"]) == ("amina@school.example.org", "5.1.1")
    message = mail.message
    assert (message.ticket, message.kind, message.released) == (ticket, Message.Kind.MACHINE, False)
    after = Ticket.objects.get(pk=ticket.pk)
    assert (after.status, after.next_due_at) == (before.status, before.next_due_at)
    assert [clock["due_at"] for clock in after.standing["clocks"]] == [
        clock["due_at"] for clock in before.standing["clocks"]
    ]


def test_the_same_report_twice_changes_nothing_twice(post, reply):
    for _ in range(2):
        post.gets(report(reply.message_id), to=returning(reply), sender="<>")
    again = post.gets(report(reply.message_id, Message_ID="<other@mx.school.example.org>"), sender="<>")
    reply.refresh_from_db()
    assert len(told()) == 1
    assert reply.bounced_at < again.received_at
    assert Message.objects.filter(kind=Message.Kind.MACHINE).count() == 2


@pytest.mark.parametrize("sender", ["MAILER-DAEMON", "MAILER-DAEMON@mx.example.org (Mail Delivery System)"])
def test_the_same_mail_twice_is_one_message(post, reply, sender):
    raw = report(reply.message_id, From=sender, Message_ID="<one@mx.school.example.org>")
    first, second = post.gets(raw, sender="<>"), post.gets(raw, sender="<>")
    assert first.message == second.message


def test_a_delay_is_noted_and_nothing_more(post, ticket, reply):
    mail = post.gets(
        report(reply.message_id, action="delayed", status="4.4.1"), to=returning(reply), sender="<>"
    )
    reply.refresh_from_db()
    assert (reply.state, told(), mail.message.kind) == (NoticeState.SENT, [], Message.Kind.MACHINE)
    assert mail.ticket == ticket


def test_an_absence_note_to_the_same_address_is_no_bounce(post, ticket, reply):
    mail = post.gets(written("I am away.", Auto_Submitted="auto-replied"), to=returning(reply), sender="<>")
    reply.refresh_from_db()
    assert (reply.state, told()) == (NoticeState.SENT, [])
    assert (mail.ticket, mail.message.kind) == (ticket, Message.Kind.MACHINE)


def test_a_person_who_writes_there_is_heard(post, ticket, reply):
    assert post.gets(written("Thank you"), to=returning(reply)).message.kind == Message.Kind.CUSTOMER


def test_where_a_notice_to_an_agent_comes_back_it_ends(post, ticket, cast):
    notice = Notice.objects.get(kind=NoticeKind.ASSIGNED)
    mail = post.gets(report(notice.message_id), to=returning(notice), sender="<>")
    notice.refresh_from_db()
    assert (notice.state, told(), mail.ticket) == (NoticeState.BOUNCED, [], ticket)


def test_where_the_news_of_a_bounce_comes_back_it_ends(post, reply):
    post.gets(report(reply.message_id), sender="<>")
    (news,) = told()
    post.gets(report(news.message_id), to=returning(news), sender="<>")
    news.refresh_from_db()
    assert (news.state, len(told())) == (NoticeState.BOUNCED, 1)


@pytest.mark.parametrize("named", ["", "<made.up@else.example>", "forged", "u.1.aaaaaaaa.bbbb"])
def test_a_report_about_a_mail_that_is_not_ours_is_ignored(post, ticket, named):
    original = new_message_id(ticket.pk, "x@y.example").replace(".", ".z", 1) if named == "forged" else named
    mail = post.gets(report(original), sender="<>")
    assert (mail.state, mail.ticket, mail.message) == (MailState.IGNORED, None, None)
    assert mail.reason
    assert not Notice.objects.exclude(state=NoticeState.SENT).exists()


@pytest.mark.parametrize("by", ["message-id", "token"])
def test_a_report_to_another_desk_marks_nothing_here(post, cast, charlie, reply, by):
    to = f"help+{bounce_token(reply.pk)}@other.example.com" if by == "token" else "help@other.example.com"
    theirs = charlie.memberships.get().desk.mailboxes.get()
    raw = report(reply.message_id if by == "message-id" else "")
    mail = store(
        raw, way="smtp", mailbox=theirs, envelope_from="<>", envelope_to=to, read_clock=lambda: post.at
    )
    post.takes_in()
    mail.refresh_from_db()
    reply.refresh_from_db()
    assert (mail.state, reply.state) == (MailState.IGNORED, NoticeState.SENT)


def test_a_forged_token_marks_nothing(post, reply):
    token = bounce_token(reply.pk)
    to = f"support+{token[:-1]}{'a' if token[-1] != 'a' else 'b'}@desk.example.com"
    assert post.gets(report(""), to=to, sender="<>").state == MailState.IGNORED
    reply.refresh_from_db()
    assert reply.state == NoticeState.SENT


def test_a_server_that_gives_no_address_of_its_own_is_understood(post, ticket, reply):
    mail = post.gets(report(reply.message_id, From="MAILER-DAEMON"), sender="<>")
    reply.refresh_from_db()
    assert (reply.state, mail.ticket, len(told())) == (NoticeState.BOUNCED, ticket, 1)
    twice = post.gets(report(reply.message_id, From="MAILER-DAEMON"), sender="<>")
    assert twice.reason == f"duplicate of mail {mail.pk}"


def test_a_bounced_notice_that_waits_is_not_sent_again(post, reply):
    Notice.objects.filter(pk=reply.pk).update(state=NoticeState.WAITING)
    post.gets(report(reply.message_id), sender="<>")
    assert not Notice.objects.filter(pk=reply.pk, state=NoticeState.WAITING).exists()


def test_mail_about_an_account_is_marked_too(post, cast):
    account = Notice.objects.create(
        kind=NoticeKind.ACCOUNT,
        key="account:1",
        to_address="amina@school.example.org",
        message_id="<account.1@desk.example.com>",
        created_at=post.at,
        next_try_at=post.at,
        state=NoticeState.SENT,
    )
    mail = post.gets(report(account.message_id), to=returning(account), sender="<>")
    account.refresh_from_db()
    assert (account.state, mail.state, told()) == (NoticeState.BOUNCED, MailState.IGNORED, [])


def test_hostile_words_of_a_report_become_one_line(post, reply):
    evil = report(reply.message_id, status="5.1.1").replace(
        b"rfc822; amina@school.example.org", b"rfc822; a\x00\x1b[2Jmina@school.example.org"
    )
    post.gets(evil, sender="<>")
    reply.refresh_from_db()
    assert reply.state == NoticeState.BOUNCED
    assert reply.last_error.isprintable()
