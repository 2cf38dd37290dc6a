"""Mail of senders of spam: kept, on no ticket, answered by nobody, and released when somebody was wrong."""

from harness.cast import Cast, at
from mailboxes.incoming.desk_mail import Post
from upheld.mailboxes.models import MailState
from upheld.mailboxes.releasing import release_as_ticket, retry
from upheld.mailboxes.sender_rules import hear_sender, refuse_sender
from upheld.notices.models import Notice
from upheld.tickets.models import Message, Ticket

NOW = at("2026-03-19 08:00")
OFFER = (
    b"From: Win Big <win@offers.example.net>\nTo: support@desk.example.com\nSubject: You won\n"
    b"Message-ID: <offer-%d@offers.example.net>\nDate: Thu, 19 Mar 2026 09:00:00 +0000\n\nClick here.\n"
)


def test_it_opens_no_ticket_and_nobody_answers(cast: Cast, post: Post) -> None:
    rule = refuse_sender(cast.desk, "@offers.example.net", cast.bob, NOW)
    kept = post.gets(OFFER % 1)
    assert (kept.state, kept.from_address, kept.subject) == (
        MailState.SPAM,
        "win@offers.example.net",
        "You won",
    )
    assert kept.reason == "all mail from @offers.example.net is spam on this desk"
    assert not Ticket.objects.exists() and not Notice.objects.exists()
    hear_sender(cast.desk.pk, rule.pk, cast.bob, NOW)
    assert post.gets(OFFER % 2).state == MailState.TICKETED
    assert Ticket.objects.count() == 1


def test_released_it_is_a_ticket_as_of_its_receipt(cast: Cast, post: Post) -> None:
    refuse_sender(cast.desk, "win@offers.example.net", cast.bob, NOW)
    kept = post.gets(OFFER % 1)
    message = release_as_ticket(kept.pk, cast.lena, at("2026-03-19 11:00"), post.pool)  # type: ignore[arg-type]
    assert isinstance(message, Message) and message.ticket.received_at == kept.received_at
    kept.refresh_from_db()
    assert kept.state == MailState.TICKETED


def test_read_again_it_is_judged_by_the_rules_of_now(cast: Cast, post: Post) -> None:
    rule = refuse_sender(cast.desk, "win@offers.example.net", cast.bob, NOW)
    kept = post.gets(OFFER % 1)
    hear_sender(cast.desk.pk, rule.pk, cast.bob, NOW)
    retry(kept.pk, cast.lena, post.at)
    post.takes_in()
    kept.refresh_from_db()
    assert kept.state == MailState.TICKETED


def test_what_they_write_on_an_old_ticket_is_kept_as_well(cast: Cast, post: Post) -> None:
    first = post.gets(OFFER % 1)
    refuse_sender(cast.desk, "win@offers.example.net", cast.bob, NOW)
    answer = OFFER % 2
    answer = answer.replace(b"Subject: You won", b"Subject: Re: [%s] You won" % first.ticket.number.encode())
    assert post.gets(answer).state == MailState.SPAM
    assert Message.objects.count() == 1


def test_a_rule_of_one_desk_says_nothing_on_another(cast: Cast, post: Post, charlie: object) -> None:
    from upheld.desks.models import Desk

    refuse_sender(cast.desk, "win@offers.example.net", cast.bob, NOW)
    from upheld.mailboxes.sender_rules import rule_for

    assert rule_for(Desk.objects.get(slug="other"), "win@offers.example.net") is None
