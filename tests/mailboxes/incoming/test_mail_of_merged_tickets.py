"""Mail for a ticket that was merged arrives where it goes on, whatever of the old one it carries."""

import pytest

from harness.cast import LONG_AGO, at
from mailboxes.incoming import edge
from mailboxes.incoming.mails import written
from upheld.mailboxes.models import MailState
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import find_or_add_contact
from upheld.tickets import actions
from upheld.tickets.keys import agent_token, new_message_id, reply_token
from upheld.tickets.models import Message, Ticket

KOFI = "Kofi <kofi@school.example.org>"
STRANGER = "Mallory <mallory@evil.example.net>"


@pytest.fixture
def kofi(cast):
    edge.is_believed()
    return find_or_add_contact("kofi@school.example.org", "Kofi", LONG_AGO)


@pytest.fixture
def survivor(cast):
    return cast.writes("2026-03-18 08:00")


@pytest.fixture
def source(cast, kofi):
    return cast.writes("2026-03-18 08:10", "The lab laptop is dead", contact=kofi)


@pytest.fixture
def merged(cast, source, survivor):
    return actions.merge_tickets(source.pk, survivor.number, cast.bob, at("2026-03-18 10:00"))


def carrying(source, what):
    """The headers and the recipient of a mail that carries something of the merged ticket's."""
    to, headers = "support@desk.example.com", {"Subject": "A word"}
    if what == "token":
        to = f"support+{reply_token(source.participants.get(is_requester=True))}@desk.example.com"
    elif what == "our_id":
        headers["In_Reply_To"] = new_message_id(source.pk, "support@desk.example.com")
    elif what == "known_id":
        source.messages.update(message_id="<dead@school.example.org>")
        headers["References"] = "<dead@school.example.org>"
    else:
        headers["Subject"] = f"Re: [{source.number}] A word"
    return headers, to


@pytest.mark.parametrize("what", ["token", "our_id", "known_id", "number"])
def test_whatever_it_carries_it_arrives_at_the_survivor(post, merged, source, survivor, what):
    headers, to = carrying(source, what)
    mail = post.gets(written("Still dead.", From=KOFI, Authentication_Results=edge.PASSED, **headers), to=to)
    assert (mail.state, mail.ticket) == (MailState.TICKETED, survivor)
    assert (mail.message.kind, mail.message.released) == (Message.Kind.CUSTOMER, True)
    source.refresh_from_db()
    assert source.status_category == "closed" and Ticket.objects.count() == 2


def test_a_merge_between_the_reading_and_the_receipt_is_followed(cast, post, source, survivor, monkeypatch):
    """The mail is decided for the source; while its action waits for the lock, somebody merges."""
    from upheld.mailboxes import placing

    receive = placing.receive_message

    def meanwhile(ticket_id, incoming, moment):
        actions.merge_tickets(source.pk, survivor.number, cast.bob, at("2026-03-18 10:00"))
        return receive(ticket_id, incoming, moment)

    monkeypatch.setattr(placing, "receive_message", meanwhile)
    headers, to = carrying(source, "number")
    mail = post.gets(written("Still dead.", From=KOFI, Authentication_Results=edge.PASSED, **headers), to=to)
    assert mail.message.ticket == survivor


def test_who_came_with_it_is_answered_from_there_and_their_answer_returns(cast, post, merged, survivor, kofi):
    actions.reply(survivor.pk, cast.bob, "Hold the power button.", at("2026-03-18 11:00"))
    sent = Notice.objects.get(kind=NoticeKind.REPLY, to_address=kofi.address)
    back = written("It works.", From=KOFI, Subject="Re: x", In_Reply_To=sent.message_id)
    mail = post.gets(back)
    assert (mail.ticket, mail.message.contact, mail.message.released) == (survivor, kofi, True)


def test_the_old_number_opens_no_door_to_the_survivor(cast, post, merged, source, survivor):
    mail = post.gets(written("Let me in.", From=STRANGER, Subject=f"Re: [{source.number}] x"))
    assert mail.ticket not in (source, survivor)
    forged = written("It is me.", From=KOFI, Subject=f"[{source.number}]", Authentication_Results=edge.FAILED)
    assert not post.gets(forged).message.released


def test_who_is_named_in_copy_reads_along_from_now_on(cast, post, merged, source, survivor):
    raw = written(
        "The head should know.",
        From=KOFI,
        Subject=f"[{source.number}]",
        Cc="head@school.example.org",
        Authentication_Results=edge.PASSED,
    )
    mail = post.gets(raw)
    head = survivor.participants.get(contact__address="head@school.example.org")
    assert head.sees_from >= mail.received_at
    assert not source.participants.filter(contact=head.contact).exists()


def test_an_agents_answer_to_the_merged_one_is_kept_and_they_are_told(cast, post, merged, source, survivor):
    to = f"support+{agent_token(cast.bob.pk, source.pk)}@desk.example.com"
    answer = written(
        "Try this.",
        From="Bob Tanaka <bob@desk.example.com>",
        Subject="Re: x",
        Authentication_Results=edge.PASSED,
    )
    mail = post.gets(answer, to=to)
    assert mail.state == MailState.KEPT
    assert f"a part of {survivor.number} now" in mail.reason
    assert Notice.objects.filter(kind=NoticeKind.ANSWER_KEPT, to_address=cast.bob.address).exists()
    assert not Message.objects.filter(kind=Message.Kind.REPLY).exists()
