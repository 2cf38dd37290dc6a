"""Side conversations: mail to a third party about a ticket, of which its customer never learns."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client

from harness.cast import Cast, at, utc
from mailboxes.incoming.desk_mail import Post
from upheld.mailboxes.models import MailState
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Alert, Notice, NoticeKind, NoticeState
from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import (
    Aside,
    Refused,
    SplitPart,
    assign,
    close_aside,
    do_press,
    keep_files,
    merge_tickets,
    open_aside,
    press,
    release_message,
    reopen_aside,
    reply,
    restrict_ticket,
    split_ticket,
    take_back,
    write_in_aside,
    write_note,
)
from upheld.tickets.customer_search import found_by
from upheld.tickets.drafts import SIDE, draft_of
from upheld.tickets.incoming import NewFile
from upheld.tickets.keys import link_token, side_token
from upheld.tickets.models import Message, Press, SideConversation, StoryEvent, ThirdPartyWait, Ticket
from upheld.tickets.queries import requests_of
from upheld.tickets.visibility import ContactViewer, LinkViewer, Sight, visible_messages, visible_tickets

NOW = at("2026-03-20 15:00")
HERON = Aside("service@heron.example.net", "Spare part 4711", "Heron Displays")


@pytest.fixture
def post(cast: Cast) -> Post:
    return Post(cast, at=utc("2026-03-20 15:10"))


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    ticket = cast.writes("2026-03-20 14:00")
    assign(ticket.pk, cast.bob, cast.bob, at("2026-03-20 14:05"))
    return ticket


@pytest.fixture
def side(cast: Cast, ticket: Ticket) -> SideConversation:
    return open_aside(ticket.pk, cast.bob, HERON, "Is the panel in stock?", NOW)


def mails(side: SideConversation) -> list[object]:
    notices = Notice.objects.filter(kind=NoticeKind.SIDE, data__side=side.pk).order_by("pk")
    return [message_from_bytes(render(each), policy=default) for each in notices]


def answer(side: SideConversation, text: str = "Yes, ten of them.", more: str = "", number: int = 1) -> bytes:
    return (
        f"From: Heron Service <service@heron.example.net>\nTo: support+{side_token(side)}@desk.example.com\n"
        f"Subject: Re: Spare part 4711\nMessage-ID: <h{number}@heron.example.net>\n{more}"
        f"Date: Fri, 20 Mar 2026 15:10:00 +0000\n\n{text}\n"
    ).encode()


def told(ticket: Ticket) -> list[str]:
    return [row.data["what"] for row in StoryEvent.objects.filter(ticket=ticket, kind="side").order_by("seq")]


def test_the_mail_holds_the_agents_words_and_nothing_of_the_ticket(
    cast: Cast, ticket: Ticket, side: SideConversation
) -> None:
    [mail] = mails(side)
    assert mail["To"].addresses[0].addr_spec == "service@heron.example.net"
    assert mail["Subject"] == "Spare part 4711"
    assert mail["Reply-To"].addresses[0].addr_spec == f"support+{side_token(side)}@desk.example.com"
    assert mail["Auto-Submitted"] == "no" and mail["References"] is None
    whole = mail.as_string()
    assert "Is the panel in stock?" in whole and "Bob Tanaka" in whole
    for hidden in (ticket.number, "Amina", "Laptop", settings.UPHELD_URL, "/r/"):
        assert hidden not in whole


def test_the_answer_lands_there_and_the_assignee_hears(
    cast: Cast, post: Post, ticket: Ticket, side: SideConversation
) -> None:
    ticket.refresh_from_db()
    due, seq = ticket.next_due_at, ticket.last_seq
    taken = post.gets(answer(side))
    assert taken.state == MailState.TICKETED and taken.ticket == ticket
    message = Message.objects.get(raw_mail_id=taken.pk)
    assert (message.side, message.kind, message.released) == (side, Message.Kind.THIRD_PARTY, False)
    alert = Alert.objects.get(kind=NoticeKind.SIDE_ANSWERED)
    assert alert.agent == cast.bob
    notice = Notice.objects.get(kind=NoticeKind.SIDE_ANSWERED)
    letter = message_from_bytes(render(notice), policy=default)
    assert "Heron Displays has answered in a side conversation" in letter.get_body(("plain",)).get_content()
    assert "Yes, ten of them." in letter.get_body(("plain",)).get_content()
    assert letter["Reply-To"] is None, "an answer by mail would go to the customer"
    ticket.refresh_from_db()
    assert ticket.next_due_at == due and ticket.last_seq == seq + 1
    assert not StoryEvent.objects.filter(ticket=ticket, kind="message", data__direction="out").exists()
    assert told(ticket) == ["opened", "answered"]


def test_the_next_mail_stands_in_their_thread(cast: Cast, post: Post, side: SideConversation) -> None:
    post.gets(answer(side))
    write_in_aside(side.pk, cast.bob, "Please send one.", at("2026-03-20 15:20"))
    first, second = mails(side)
    assert second["Subject"] == "Re: Spare part 4711"
    assert second["References"].split() == [first["Message-ID"], "<h1@heron.example.net>"]


def test_an_answer_without_its_address_is_known_by_what_it_answers(
    post: Post, ticket: Ticket, side: SideConversation
) -> None:
    [mail] = mails(side)
    plain = answer(side, more=f"In-Reply-To: {mail['Message-ID']}\n").replace(
        f"+{side_token(side)}".encode(), b""
    )
    taken = post.gets(plain)
    assert taken.ticket == ticket and Message.objects.get(raw_mail_id=taken.pk).side == side
    assert Ticket.objects.count() == 1


def test_a_machine_that_answers_is_answered_by_nobody(
    post: Post, ticket: Ticket, side: SideConversation
) -> None:
    close_aside(side.pk, side.opened_by, NOW)
    before = Notice.objects.count(), Alert.objects.count()
    taken = post.gets(answer(side, more="Auto-Submitted: auto-replied\n"))
    message = Message.objects.get(raw_mail_id=taken.pk)
    assert (message.side, message.kind) == (side, Message.Kind.MACHINE)
    assert (Notice.objects.count(), Alert.objects.count()) == before
    side.refresh_from_db()
    assert side.closed_at is not None


def test_an_answer_opens_what_was_closed(
    cast: Cast, post: Post, ticket: Ticket, side: SideConversation
) -> None:
    close_aside(side.pk, cast.bob, NOW)
    close_aside(side.pk, cast.bob, NOW)
    post.gets(answer(side))
    side.refresh_from_db()
    assert side.closed_at is None
    close_aside(side.pk, cast.bob, at("2026-03-20 15:30"))
    reopen_aside(side.pk, cast.bob, at("2026-03-20 15:31"))
    assert told(ticket) == ["opened", "closed", "answered", "closed", "reopened"]


def test_a_mail_that_comes_back_is_shown_and_told(
    cast: Cast, post: Post, ticket: Ticket, side: SideConversation
) -> None:
    notice = Notice.objects.get(kind=NoticeKind.SIDE)
    report = (
        "From: MAILER-DAEMON@mx.example.net\nReturn-Path: <>\nTo: support@desk.example.com\nSubject: Undelivered\n"
        "Message-ID: <r1@mx.example.net>\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n"
        "--r\nContent-Type: text/plain\n\nNo such user.\n--r\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; service@heron.example.net\nAction: failed\n"
        f"Status: 5.1.1\n\n--r\nContent-Type: message/rfc822\n\nMessage-ID: {notice.message_id}\nSubject: x\n\n--r--\n"
    )
    taken = post.gets(report.encode(), sender="<>")
    notice.refresh_from_db()
    assert notice.state == NoticeState.BOUNCED
    assert Message.objects.get(raw_mail_id=taken.pk).side == side
    assert Alert.objects.filter(kind=NoticeKind.BOUNCED, agent=cast.bob).exists()


def test_no_participant_sees_any_of_it(
    cast: Cast, post: Post, ticket: Ticket, side: SideConversation
) -> None:
    post.gets(answer(side, "Zebra panels are rare."))
    participant = ticket.participants.get()
    contact = ContactViewer(cast.amina.pk)
    link = LinkViewer(participant.pk, ticket.pk, cast.amina.pk)
    for viewer in (contact, link):
        assert not visible_messages(viewer, ticket).exclude(side=None).exists()
    seen = requests_of(contact)
    assert list(found_by(contact, Sight.participant, seen, "laptop")) == [ticket]
    for word in ("zebra", "panel", "4711", "heron"):
        assert not found_by(contact, Sight.participant, seen, word).exists()
    reply(ticket.pk, cast.bob, "We look into it.", at("2026-03-20 15:40"))
    page = Client().get(f"/r/{link_token(participant)}/", follow=True).content.decode()
    letters = b"".join(render(each) for each in Notice.objects.filter(participant_id=participant.pk))
    for word in ("Zebra", "panel", "4711", "heron.example.net"):
        assert word not in page and word.encode() not in letters


def test_it_is_never_released_to_the_customer(cast: Cast, post: Post, side: SideConversation) -> None:
    post.gets(answer(side))
    for message in Message.objects.filter(side=side):
        with pytest.raises(Refused, match="side conversation"):
            release_message(message.pk, cast.bob, at("2026-03-20 15:30"))
        message.refresh_from_db()
        assert not message.is_public


def test_it_stays_behind_when_the_ticket_is_split_and_merged(
    cast: Cast, post: Post, ticket: Ticket, side: SideConversation
) -> None:
    post.gets(answer(side))
    own = [each.pk for each in ticket.messages.filter(side=None)]
    theirs = [each.pk for each in Message.objects.filter(side=side)]
    [new] = split_ticket(
        ticket.pk, cast.bob, [SplitPart("Another", tuple(own + theirs))], at("2026-03-20 15:30")
    )
    assert not new.messages.exclude(kind=Message.Kind.CUSTOMER).exists()
    survivor = cast.writes("2026-03-20 14:30", subject="The same again")
    merge_tickets(ticket.pk, survivor.number, cast.bob, at("2026-03-20 15:40"))
    viewer = ContactViewer(cast.amina.pk)
    for each in visible_tickets(viewer):
        assert not visible_messages(viewer, each).exclude(side=None).exists()
    taken = post.gets(answer(side, "One more thing.", number=2))
    assert Message.objects.get(raw_mail_id=taken.pk).side == side, "an answer finds its place all the same"
    with pytest.raises(Refused, match="part of"):
        write_in_aside(side.pk, cast.bob, "Thanks", at("2026-03-20 15:50"))


def test_what_is_quoted_is_what_was_chosen_and_no_note(cast: Cast, ticket: Ticket) -> None:
    note = write_note(ticket.pk, cast.bob, "They always break things.", at("2026-03-20 14:30"))
    asked = ticket.messages.get(kind=Message.Kind.CUSTOMER)
    side = open_aside(ticket.pk, cast.bob, HERON, "Please see below.", NOW, quoted=[asked.pk, note.pk])
    text = side.messages.get().text
    assert "Please see below." in text and "> It shows a black screen." in text
    assert "break things" not in text


def test_files_go_along_and_too_many_do_not(cast: Cast, ticket: Ticket) -> None:
    photo = NewFile("panel.png", "image/png", b"\x89PNG not really")
    side = open_aside(ticket.pk, cast.bob, HERON, "See the photo.", NOW, files=[photo])
    assert [each.get_filename() for each in mails(side)[0].iter_attachments()] == ["panel.png"]
    with pytest.raises(Refused, match="10 MB"):
        large = NewFile("x.bin", "application/octet-stream", b"x" * (10 * 1024 * 1024 + 1))
        open_aside(ticket.pk, cast.bob, HERON, "And this.", NOW, files=[large])


def test_the_ticket_may_wait_for_them_from_the_same_step_on(cast: Cast, ticket: Ticket) -> None:
    open_aside(
        ticket.pk, cast.bob, HERON, "Is it in stock?", NOW, waits=True, status="waiting_on_third_party"
    )
    ticket.refresh_from_db()
    assert ticket.status == "waiting_on_third_party"
    assert ThirdPartyWait.objects.get(ticket=ticket).name == "Heron Displays"


@pytest.mark.parametrize(
    ("to", "text"),
    [
        (Aside("nobody", "Subject"), "Text"),
        (Aside("a@b.example.com, c@d.example.com", "Subject"), "Text"),
        (Aside("a@b.example.com", " "), "Text"),
        (Aside("a@b.example.com", "Subject"), "  "),
    ],
)
def test_what_cannot_be_sent_is_refused(cast: Cast, ticket: Ticket, to: Aside, text: str) -> None:
    with pytest.raises(Refused):
        open_aside(ticket.pk, cast.bob, to, text, NOW)
    assert not SideConversation.objects.exists()


def test_others_write_nothing(cast: Cast, ticket: Ticket, side: SideConversation, charlie: Agent) -> None:
    with pytest.raises(NotAllowed):
        open_aside(ticket.pk, charlie, HERON, "Hello", NOW)
    cast.reads_what_is_restricted(cast.lena)
    restrict_ticket(ticket.pk, cast.bob, "It is about a colleague.", at("2026-03-20 15:05"))
    with pytest.raises(NotAllowed):
        write_in_aside(side.pk, cast.bob, "Hello", at("2026-03-20 15:06"))


def test_of_a_restricted_ticket_only_its_readers_hear(
    cast: Cast, post: Post, ticket: Ticket, side: SideConversation
) -> None:
    cast.reads_what_is_restricted(cast.lena)
    restrict_ticket(ticket.pk, cast.bob, "It is about a colleague.", at("2026-03-20 15:05"))
    taken = post.gets(answer(side))
    assert Message.objects.get(raw_mail_id=taken.pk).side == side
    assert not Alert.objects.filter(kind=NoticeKind.SIDE_ANSWERED).exclude(agent=cast.lena).exists()


def test_it_may_be_taken_back_and_is_a_draft_again(
    cast: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LONGEST_UNDO", 60)
    cast.bob.undo_seconds = 30
    cast.bob.save()
    payload = {
        "address": HERON.address,
        "subject": HERON.subject,
        "name": HERON.name,
        "text": "Is it in stock?",
    }
    sent = press(cast.bob, cast.desk.pk, Press.Kind.SIDE, payload, NOW, ticket_id=ticket.pk)
    assert not SideConversation.objects.exists() and not Notice.objects.filter(kind=NoticeKind.SIDE).exists()
    take_back(sent.pk, cast.bob, utc("2026-03-20 15:00:10"))
    draft = draft_of(cast.bob.pk, ticket.pk, SIDE)
    assert draft is not None and draft.text == "Is it in stock?" and draft.data["address"] == HERON.address
    with pytest.raises(Refused, match="mail address"):
        press(cast.bob, cast.desk.pk, Press.Kind.SIDE, payload | {"address": "x"}, NOW, ticket_id=ticket.pk)


def test_a_false_token_opens_no_conversation(cast: Cast, post: Post, side: SideConversation) -> None:
    false = answer(side).replace(side_token(side)[-16:].encode(), b"a" * 16)
    taken = post.gets(false)
    assert taken.ticket != side.ticket
    side.key_serial += 1
    side.save()
    assert post.gets(answer(SideConversation(pk=side.pk, key_serial=1), number=3)).ticket != side.ticket


def test_its_files_are_weighed_at_the_press_and_stored_once(
    cast: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LONGEST_UNDO", 60)
    payload = {"address": HERON.address, "subject": HERON.subject, "text": "See the photo."}
    photo = NewFile("panel.png", "image/png", b"\x89PNG not really")
    [kept] = keep_files(cast.bob, ticket.pk, SIDE, [photo], NOW.at)
    before = stored()
    sent = press(cast.bob, cast.desk.pk, Press.Kind.SIDE, payload, NOW, ticket_id=ticket.pk, files=[kept])
    assert stored() == before, "trying it out stored nothing"
    assert do_press(sent.pk, NOW, utc("2026-03-20 15:01"))
    assert [each.name for each in SideConversation.objects.get().messages.get().attachments.all()] == [
        photo.name
    ]
    [heavy] = keep_files(cast.bob, ticket.pk, SIDE, [NewFile("x.bin", "a/b", b"x" * 20)], NOW.at)
    monkeypatch.setattr("upheld.tickets.actions.write_aside.MOST_BYTES", 19)
    with pytest.raises(Refused, match="10 MB"):
        press(cast.bob, cast.desk.pk, Press.Kind.SIDE, payload, NOW, ticket_id=ticket.pk, files=[heavy])


def stored() -> set[Path]:
    return {each for each in Path(default_storage.location).rglob("*") if each.is_file()}
