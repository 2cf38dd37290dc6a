"""A mail proves nothing about who wrote it: token, sender and participation together decide what it may do."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as django_mail

from harness.cast import LONG_AGO, Cast, at
from mailboxes.incoming import edge
from mailboxes.incoming.desk_mail import Post
from mailboxes.incoming.mails import written
from upheld.mailboxes.models import MailState
from upheld.mailboxes.outgoing.render import render
from upheld.mailboxes.outgoing.send import Sender, send_batch
from upheld.notices.models import Notice
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Membership
from upheld.tickets import actions
from upheld.tickets.file_links import file_token
from upheld.tickets.keys import link_token, new_message_id, reply_token
from upheld.tickets.models import Message, Participant, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import LinkViewer, visible_messages

AMINA = "Amina Yusuf <amina@school.example.org>"
MALLORY = "Mallory <mallory@evil.example>"
HEAD = "head@school.example.org"


@pytest.fixture
def post(cast: Cast) -> Post:
    return Post(cast)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Amina's request, with her head teacher in copy."""
    head = find_or_add_contact(HEAD, "Head", LONG_AGO)
    return cast.writes("2026-03-19 08:00", cc=(head,))


def participant(ticket: Ticket, address: str) -> Participant:
    return Participant.objects.get(ticket=ticket, contact__address=address)


def plus(token: str) -> str:
    return f"support+{token}@desk.example.com"


def kind_of(post: Post, raw: bytes, ticket: Ticket, to: str) -> str:
    """What the mail became on the ticket; "elsewhere" for a ticket of its own, "nothing" for none."""
    mail = post.gets(raw, to=to)
    if mail.message is None:
        return "nothing"
    return mail.message.kind if mail.message.ticket_id == ticket.pk else "elsewhere"


def test_token_sender_and_number_decide_together(cast: Cast, post: Post, ticket: Ticket) -> None:
    other = cast.writes(
        "2026-03-19 08:30", "Another", contact=find_or_add_contact("mallory@evil.example", "M", LONG_AGO)
    )
    amina = plus(reply_token(participant(ticket, "amina@school.example.org")))
    head = plus(reply_token(participant(ticket, HEAD)))
    mallorys = plus(reply_token(participant(other, "mallory@evil.example")))
    link = plus(link_token(participant(ticket, "amina@school.example.org")))
    number, plain = f"[{ticket.number}]", "support@desk.example.com"
    two = f"{AMINA}\r\nFrom: {MALLORY}"
    ours = new_message_id(ticket.pk, plain)
    table = [
        # sender, envelope recipient, subject, In-Reply-To, what becomes of it
        (AMINA, amina, "x", "", "customer"),
        (AMINA, head, "x", "", "customer"),
        (AMINA, plain, number, "", "customer"),
        (AMINA, plain, "x", ours, "customer"),
        (MALLORY, amina, "x", "", "third_party"),
        (MALLORY, head, number, "", "third_party"),
        (MALLORY, mallorys, number, ours, "elsewhere"),
        (MALLORY, link, "x", "", "elsewhere"),
        (MALLORY, plain, number, "", "elsewhere"),
        (MALLORY, plain, "x", ours, "elsewhere"),
        (MALLORY, plus("1-1-aaaaaaaaaaaaaaaa"), number, "", "elsewhere"),
        (AMINA, plain, number.replace("SDS", "XSDS"), "", "elsewhere"),
        (AMINA, plain, "x", ours.replace("u.", "u.1", 1), "elsewhere"),
        (two, amina, number, ours, "elsewhere"),
        ("amina@school.example.org <mallory@evil.example>", plain, number, "", "elsewhere"),
        ("mallory@evil.example (amina@school.example.org)", amina, number, "", "elsewhere"),
    ]
    for place, (sender, to, subject, answers, expected) in enumerate(table):
        raw = written(f"number {place}", From=sender, Subject=subject, In_Reply_To=answers)
        assert (place, kind_of(post, raw, ticket, to)) == (place, expected)
    hidden = ticket.messages.filter(kind=Message.Kind.THIRD_PARTY)
    assert not hidden.filter(released=True).exists()


def test_a_token_in_any_header_counts_as_the_senders_own_or_not_at_all(post: Post, ticket: Ticket) -> None:
    amina = plus(reply_token(participant(ticket, "amina@school.example.org")))
    for header in ("To", "Cc", "Delivered_To", "X_Original_To"):
        raw = written(f"by {header}", From=MALLORY, Subject="x", **{header: amina})
        assert kind_of(post, raw, ticket, "support@desk.example.com") == "third_party"


@pytest.mark.parametrize(
    "forged",
    [
        {"Authentication_Results": "desk.example.com; dmarc=pass header.from=school.example.org"},
        {"ARC_Authentication_Results": "i=1; desk.example.com; dmarc=pass"},
        {"Received_SPF": "pass"},
        {"X_Spam_Status": "No"},
        {"Sender": "amina@school.example.org"},
        {"Reply_To": "amina@school.example.org"},
        {"Resent_From": "amina@school.example.org"},
        {"X_Upheld_Desk": "school-devices"},
    ],
)
def test_forged_results_and_marks_open_no_door(post: Post, ticket: Ticket, forged: dict[str, str]) -> None:
    raw = written(From=MALLORY, Subject=f"[{ticket.number}]", **forged)
    assert kind_of(post, raw, ticket, "support@desk.example.com") in ("elsewhere", "nothing")


def test_who_is_put_in_copy_of_a_further_mail_joins_nothing(post: Post, ticket: Ticket) -> None:
    post.gets(written("With Mallory in copy", Subject=f"[{ticket.number}]", Cc="mallory@evil.example"))
    assert not ticket.participants.filter(contact__address="mallory@evil.example").exists()


def test_who_was_put_out_of_a_ticket_has_no_way_back_by_mail(post: Post, ticket: Ticket) -> None:
    head = participant(ticket, HEAD)
    token = plus(reply_token(head))
    head.removed_at = post.at
    head.save(update_fields=["removed_at"])
    raw = written(From=f"Head <{HEAD}>", Subject=f"[{ticket.number}]")
    assert kind_of(post, raw, ticket, token) == "elsewhere"


def test_a_forwarded_mail_gives_its_new_reader_no_voice_and_no_ears(
    cast: Cast, post: Post, ticket: Ticket
) -> None:
    """Reply-To carries Amina's token; whoever answers a forwarded copy is a third party until an agent says so."""
    actions.reply(ticket.pk, cast.bob, "Try this.", at("2026-03-19 08:40"))
    notice = Notice.objects.get(kind="reply", to_address="amina@school.example.org")
    assert reply_token(participant(ticket, "amina@school.example.org")).encode() in render(notice)
    amina = participant(ticket, "amina@school.example.org")
    assert kind_of(post, written("Hi", From=MALLORY), ticket, plus(reply_token(amina))) == "third_party"
    viewer = LinkViewer(amina.pk, ticket.pk, amina.contact_id)
    assert not visible_messages(viewer, ticket).filter(text="Hi").exists()
    actions.reply(ticket.pk, cast.bob, "And this.", at("2026-03-19 10:40"))
    assert not Notice.objects.filter(to_address="mallory@evil.example").exists()


def test_a_quoted_link_opens_no_past_to_others_on_the_ticket(
    cast: Cast, post: Post, ticket: Ticket, client: object
) -> None:
    """Amina's mail program quotes our mail with her own link; the others read her answer on their pages."""
    amina, head = participant(ticket, "amina@school.example.org"), participant(ticket, HEAD)
    secrets = [link_token(amina), reply_token(amina), file_token(amina, 3, post.at)]
    quoted = "".join(f"> http://desk.example.com/x%2F{each}/\r\n" for each in secrets)
    text = f"Thanks, as in 2026-3-abcdefghijklmnop! {secrets[0].upper()}\r\n\r\nDesk wrote:\r\n{quoted}"
    post.gets(written(text, Subject=f"[{ticket.number}]"), to=plus(secrets[1]))
    page = client.get(f"/r/{link_token(head)}/").content.decode()  # type: ignore[attr-defined]
    assert "Thanks, as in 2026-3-abcdefghijklmnop! …" in page
    assert not [each for each in secrets if each in page.lower()]
    hers = client.get(f"/r/{secrets[0]}/").content.decode()  # type: ignore[attr-defined]
    assert all(each in hers for each in secrets)


def test_nobody_is_sent_another_readers_token(cast: Cast, ticket: Ticket) -> None:
    actions.reply(ticket.pk, cast.bob, "Try this.", at("2026-03-19 08:40"))
    for notice in Notice.objects.filter(kind="reply"):
        raw = render(notice)
        for each in ticket.participants.all():
            own = each.pk == notice.participant_id
            assert (reply_token(each).encode() in raw) is own
            assert (link_token(each).encode() in raw.replace(b"=\r\n", b"")) is own


@pytest.mark.parametrize("way", ["mail", "form"])
def test_the_answer_to_an_unproven_address_holds_no_word_of_its_author(
    cast: Cast, post: Post, client: object, way: str
) -> None:
    """Whoever writes in a victim's name must not make the desk say anything to the victim."""
    if way == "mail":
        post.gets(written("Buy", From='"Cheap evilword" <victim@else.example>', Subject="You won evilword"))
    else:
        typed = {
            "name": "evilword",
            "email": "victim@else.example",
            "subject": "evilword",
            "text": "evilword",
        }
        client.post("/help/school-devices/requests/new/", typed | {"priority": "medium", "website": ""})  # type: ignore[attr-defined]
    assert b"evilword" not in render(Notice.objects.get(kind="acknowledgement"))
    _waits_for_its_customer(cast)
    for notice in Notice.objects.filter(to_address="victim@else.example"):
        assert b"evilword" not in render(notice)
    assert {"acknowledgement", "status", "reminder"} <= set(Notice.objects.values_list("kind", flat=True))


def _waits_for_its_customer(cast: Cast) -> None:
    """Bob waits for the customer until the policy reminds them."""
    ticket = Ticket.objects.latest("pk")
    now = ticket.received_at + timedelta(minutes=1)
    actions.set_status(ticket.pk, cast.bob, "waiting_on_customer", Moment.exactly(now))
    actions.settle_ticket(ticket.pk, Moment.exactly(now + timedelta(days=20)))


def test_who_answered_what_only_they_were_sent_reads_their_own_words_again(cast: Cast, post: Post) -> None:
    first = post.gets(written("Help", From="Pat <pat@else.example>", Subject="Laptop is dead"))
    assert first.ticket is not None
    participant = first.ticket.participants.get()
    assert participant.contact.confirmed_at is None
    token = reply_token(participant)
    post.gets(
        written("More", From="pat@else.example", To=f"support+{token}@desk.example.com", Subject="Re: more")
    )
    participant.contact.refresh_from_db()
    assert participant.contact.confirmed_at is not None
    _waits_for_its_customer(cast)
    for kind in ("status", "reminder"):
        assert b"Laptop is dead" in render(Notice.objects.filter(kind=kind).latest("pk"))


def test_a_forged_mail_gives_nobody_a_name(cast: Cast, post: Post) -> None:
    """Whom we know by address only would carry it from then on, in our letters as well."""
    edge.is_believed()
    pat = find_or_add_contact("pat@else.example", "", LONG_AGO)
    number = cast.writes("2026-03-19 08:00", contact=pat).number
    evil = '"Click evilword" <pat@else.example>'
    post.gets(written(From=evil, Subject=number, Authentication_Results=edge.FAILED))
    post.gets(written(From=evil, Subject="New", Authentication_Results=edge.FAILED))
    pat.refresh_from_db()
    assert (pat.name, Message.objects.filter(contact=pat).count()) == ("", 3)
    post.gets(written(From="Pat <pat@else.example>", Subject=number, Authentication_Results=edge.PASSED))
    pat.refresh_from_db()
    assert pat.name == "Pat"


def test_a_number_alone_confirms_no_address(cast: Cast, post: Post) -> None:
    first = post.gets(written("Help", From="pat@else.example", Subject="Laptop is dead"))
    assert first.ticket is not None
    post.gets(written("More", From="pat@else.example", Subject=f"Re: [{first.ticket.number}] Laptop is dead"))
    assert first.ticket.messages.count() == 2
    assert first.ticket.requester.confirmed_at is None


@pytest.mark.parametrize("carries", ["the token", "the Message-ID"])
def test_what_another_reader_was_sent_confirms_nobody_else(cast: Cast, post: Post, carries: str) -> None:
    """Mallory puts a victim in copy of a request, and then writes in the victim's name with what only Mallory got."""
    first = post.gets(written("Hi", From=MALLORY, Cc="victim@else.example"))
    assert first.ticket is not None
    mallorys = reply_token(participant(first.ticket, "mallory@evil.example"))
    ids = Notice.objects.get(kind="acknowledgement").message_id if carries == "the Message-ID" else ""
    to = plus(mallorys) if carries == "the token" else "support@desk.example.com"
    forged = post.gets(written("More", From="victim@else.example", In_Reply_To=ids), to=to)
    assert forged.ticket == first.ticket
    victim = participant(first.ticket, "victim@else.example")
    assert victim.contact.confirmed_at is None
    own = plus(reply_token(victim))
    post.gets(written("It was me", From="victim@else.example", Cc=to, In_Reply_To=ids), to=own)
    victim.contact.refresh_from_db()
    assert victim.contact.confirmed_at is not None


def test_a_victim_gets_few_answers_whatever_is_sent_in_their_name(cast: Cast, post: Post) -> None:
    for number in range(14):
        post.gets(written(f"number {number}", From="victim@else.example", Subject=f"number {number}"))
    assert Notice.objects.filter(kind="acknowledgement").count() == 5


def test_who_no_longer_works_on_the_desk_hears_nothing_more_of_its_customers(
    cast: Cast, ticket: Ticket
) -> None:
    actions.assign(ticket.pk, cast.bob, cast.bob, at("2026-03-19 08:10"))
    Membership.objects.filter(agent=cast.bob).delete()
    actions.receive_message(ticket.pk, cast.answer_of_amina("2026-03-19 08:20"), at("2026-03-19 08:20"))
    assert not Notice.objects.filter(to_address=cast.bob.address).exists()


def test_a_right_withdrawn_after_the_notice_was_written_stops_it(cast: Cast, ticket: Ticket) -> None:
    from upheld.mailboxes.outgoing.facts import UndeliverableError

    actions.assign(ticket.pk, cast.lena, cast.bob, at("2026-03-19 08:10"))
    notice = Notice.objects.get(kind="assigned")
    Membership.objects.filter(agent=cast.bob).delete()
    with pytest.raises(UndeliverableError):
        render(notice)


@pytest.mark.parametrize("who", ["participant", "agent"])
def test_who_was_put_out_between_two_attempts_is_sent_nothing_more(
    cast: Cast, ticket: Ticket, settings: object, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """The other server said "later", and meanwhile they are out; the mail lies ready, with its links."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    actions.assign(ticket.pk, cast.lena, cast.bob, at("2026-03-19 08:10"))
    actions.reply(ticket.pk, cast.lena, "Try this.", at("2026-03-19 08:40"))
    now = at("2026-03-19 08:41").at

    def later(self: Sender, notice: Notice) -> None:
        raise smtplib.SMTPRecipientsRefused({notice.to_address: (451, b"later")})

    monkeypatch.setattr(Sender, "_hand_over", later)
    assert send_batch(now, 10) == Notice.objects.count()
    monkeypatch.undo()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    if who == "participant":
        gone = HEAD
        actions.remove_participant(ticket.pk, participant(ticket, HEAD).pk, cast.bob, Moment.exactly(now))
    else:
        gone = cast.bob.address
        Membership.objects.filter(agent=cast.bob).delete()
    theirs = Notice.objects.filter(to_address=gone)
    assert theirs.filter(attempts=1).exclude(rendered=None).exists()
    send_batch(now + timedelta(minutes=10), 10)
    assert set(theirs.values_list("state", flat=True)) == {"failed"}
    assert len(django_mail.outbox) == Notice.objects.filter(state="sent").count() > 0
    assert not [mail for mail in django_mail.outbox if gone in mail.to[0]]


def test_a_poor_mail_is_kept_and_the_next_one_passes(cast: Cast, post: Post) -> None:
    head = b"From: \xff\xfe\x00 <\xed\xa0\x80@x>\r\nSubject: =?hex?B?AAAA?= =?utf-8?Q?=ED=A0=80?=\r\n\r\n"
    odd = head + b"\x00\xed\xa0\x80"
    assert post.gets(odd).state in (MailState.KEPT, MailState.TICKETED, MailState.IGNORED)
    assert post.gets(written()).state == MailState.TICKETED
