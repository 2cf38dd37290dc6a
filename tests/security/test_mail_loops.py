"""Loops and floods end by counting, where nothing marks a mail as a machine's."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from harness.cast import LONG_AGO, Cast, at, utc
from mailboxes.incoming import edge
from mailboxes.incoming.desk_mail import Post, SameProcess
from mailboxes.incoming.mails import written
from upheld.desks.models import Desk
from upheld.mailboxes import placing
from upheld.mailboxes.accept import store
from upheld.mailboxes.ingest import claim_and_ingest
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice, NoticeKind, NoticeState
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Agent
from upheld.tickets import acknowledging, actions, letters
from upheld.tickets.models import Message, StoryEvent, Ticket

MARKS = re.compile(
    rb"^(auto-submitted|precedence|x-[^:]+|list-[^:]+|feedback-id|return-path):", re.IGNORECASE
)
THREAD = re.compile(rb"^(in-reply-to|references|reply-to|message-id):", re.IGNORECASE)
# Between the two desks stands a mail server that knows each under another name, so that neither knows its own.
ALIASES = {
    b"support@desk.example.com": b"helpdesk@one.example.net",
    b"help@other.example.com": b"helpdesk@two.example.net",
}


@dataclass
class Wire:
    """Carries the real letters of two desks to each other, without a word that says what they are."""

    desks: dict[str, Desk]
    now: datetime
    strip: tuple[re.Pattern[bytes], ...]
    change: Callable[[bytes], bytes]
    carried: int = 0

    def rounds(self, most: int) -> int:
        """Carry until nobody has anything more to say; returns how many rounds that took."""
        for number in range(most):
            waiting = list(Notice.objects.filter(state=NoticeState.WAITING).order_by("pk"))
            if not waiting:
                return number
            for notice in waiting:
                self.carry(notice)
            self.now += timedelta(seconds=20)
        return most

    def carry(self, notice: Notice) -> None:
        Notice.objects.filter(pk=notice.pk).update(state=NoticeState.SENT, sent_at=self.now)
        desk = self.desks.get(notice.to_address)
        if desk is None:
            return
        raw = self.stripped(render(notice))
        mailbox = desk.mailboxes.get()
        local, _, domain = mailbox.address.partition("@")
        reply_to = re.search(rb"\+([^@>]+)@", raw.partition(b"\r\n\r\n")[0])
        to = f"{local}+{reply_to[1].decode()}@{domain}" if reply_to else mailbox.address
        store(raw, way="smtp", mailbox=mailbox, envelope_to=to, read_clock=lambda: self.now)
        while claim_and_ingest(SameProcess(), self.now):  # type: ignore[arg-type]
            pass
        self.carried += 1

    def stripped(self, raw: bytes) -> bytes:
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = re.split(rb"\r\n(?![ \t])", head)
        left = [line for line in lines if not any(each.match(line) for each in self.strip)]
        mail = b"\r\n".join(left) + b"\r\n\r\n" + body
        for ours, alias in ALIASES.items():
            mail = mail.replace(ours, alias).replace(ours.replace(b"@", b"+"), alias)
        return self.change(mail)


@pytest.fixture
def two_desks(cast: Cast, charlie: Agent) -> dict[str, Desk]:
    other = charlie.memberships.get().desk
    return {"helpdesk@one.example.net": cast.desk, "helpdesk@two.example.net": other}


def begins(cast: Cast, now: datetime) -> None:
    """One desk writes to the other, once."""
    raw = written("Hello?", From="helpdesk@two.example.net")
    store(raw, way="smtp", mailbox=cast.desk.mailboxes.get(), read_clock=lambda: now)
    assert claim_and_ingest(SameProcess(), now)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "strip", [(MARKS,), (MARKS, THREAD)], ids=["without marks", "without marks and threads"]
)
def test_two_desks_that_answer_each_other_end(
    cast: Cast, two_desks: dict[str, Desk], strip: tuple[re.Pattern[bytes], ...]
) -> None:
    """The worst: each letter is changed on its way, so that none looks like another."""
    now, number = utc("2026-03-19 09:00"), iter(range(10_000))

    def changed(raw: bytes) -> bytes:
        return raw.replace(b"SDS-", b"").replace(b"OTH-", b"") + f"\r\n{next(number)}".encode()

    wire = Wire(two_desks, now, strip, changed if THREAD in strip else lambda raw: raw)
    begins(cast, now)
    assert wire.rounds(60) < 60
    assert Notice.objects.filter(kind=NoticeKind.ACKNOWLEDGEMENT).count() <= 10
    assert wire.carried <= 10
    if THREAD in strip:
        assert wire.carried == 10  # it was a loop, and counting ended it: five on each side
        wire.now += timedelta(hours=2)
        assert wire.rounds(60) == 0  # nor does it begin again by itself


def test_two_desks_whose_status_changes_with_each_mail_end(cast: Cast, two_desks: dict[str, Desk]) -> None:
    """Each mail of the other reopens the ticket, and a program there sends one for every word about a status."""
    ticket = cast.writes("2026-03-19 08:00")
    for minute in range(30):
        moment = at(f"2026-03-19 09:{minute:02}")
        actions.set_status(ticket.pk, cast.bob, "waiting_on_customer", moment)
        actions.receive_message(ticket.pk, cast.answer_of_amina(f"2026-03-19 09:{minute:02}"), moment)
    told = Notice.objects.filter(kind=NoticeKind.STATUS, ticket_id=ticket.pk)
    assert told.count() == letters.BY_ITSELF_AN_HOUR
    moment = at("2026-03-19 10:35")
    actions.set_status(ticket.pk, cast.bob, "waiting_on_customer", moment)
    assert told.count() == letters.BY_ITSELF_AN_HOUR + 1
    other = cast.writes("2026-03-19 10:36")
    actions.set_status(other.pk, cast.bob, "waiting_on_customer", at("2026-03-19 10:37"))
    assert Notice.objects.filter(kind=NoticeKind.STATUS, ticket_id=other.pk).count() == 1


class TestAcknowledgements:
    @pytest.fixture
    def post(self, cast: Cast) -> Post:
        return Post(cast)

    def sent(self) -> int:
        return Notice.objects.filter(kind=NoticeKind.ACKNOWLEDGEMENT).count()

    def test_to_one_address_a_few_an_hour_and_some_a_day(self, post: Post) -> None:
        for hour in range(8):
            post.at = utc("2026-03-19 00:00") + timedelta(hours=hour, minutes=30)
            for number in range(6):
                post.gets(written(f"{hour} {number}"))
            assert self.sent() == min(5 * (hour + 1), 20)
        post.at += timedelta(days=2)
        post.gets(written("two days later"))
        assert self.sent() == 21

    def test_for_one_domain(self, post: Post, settings) -> None:
        settings.ACKNOWLEDGEMENTS_A_NETWORK = 3
        for number in range(5):
            mail = post.gets(written("x", From=f"p{number}@evil.example.net"))
        assert self.sent() == 3
        assert "asked for from the same place" in mail.reason
        post.gets(written("x", From="noor@school.example.org"))
        assert self.sent() == 4

    def test_but_not_for_all_that_comes_through_our_own_mail_server(
        self, cast: Cast, post: Post, settings
    ) -> None:
        """It may have an address of the internet itself; a flood from one domain must not silence us for the others."""
        settings.ACKNOWLEDGEMENTS_A_NETWORK = 3
        edge.is_believed()
        mailbox = cast.desk.mailboxes.get()
        for number in range(12):
            sender = f"u{number}@" + ("flood.example" if number < 6 else f"school{number}.example")
            raw = written(f"number {number}", From=sender, Subject=f"number {number}")
            store(raw, way="smtp", mailbox=mailbox, peer="93.184.216.7", read_clock=lambda: post.at)
        post.takes_in()
        told = Notice.objects.filter(kind=NoticeKind.ACKNOWLEDGEMENT)
        assert told.filter(to_address__endswith="@flood.example").count() == 3
        assert told.exclude(to_address__endswith="@flood.example").count() == 6

    def test_for_one_network_that_hands_mail_over_itself(self, cast: Cast, post: Post, settings) -> None:
        """Whoever speaks SMTP to us from the internet may write in any name; their network stays the same."""
        settings.ACKNOWLEDGEMENTS_A_NETWORK = 3
        for number in range(6):
            raw = written("x", From=f"somebody@d{number}.example.net")
            peer = f"93.184.216.{number}" if number < 5 else "10.0.0.9"
            store(raw, way="smtp", mailbox=cast.desk.mailboxes.get(), peer=peer, read_clock=lambda: post.at)
            post.takes_in()
        assert self.sent() == 4
        places = set(Notice.objects.values_list("asked_from", flat=True))
        assert places == {"93.184.216.0/24", "d5.example.net"}

    def test_by_one_desk(self, post: Post, settings) -> None:
        settings.ACKNOWLEDGEMENTS_A_DESK = 3
        for number in range(5):
            post.gets(written("x", From=f"a@d{number}.example.net"))
        assert self.sent() == 3

    def test_forms_and_mails_count_together(self, cast: Cast, post: Post, client) -> None:
        typed = {"name": "x", "subject": "x", "text": "x", "priority": "medium", "website": ""}
        for number in range(4):
            fresh = typed | {"email": "victim@else.example.com", "text": f"word {number}"}
            answer = client.post("/help/school-devices/requests/new/", fresh)
            assert answer.status_code == 302
        notice = Notice.objects.filter(kind=NoticeKind.ACKNOWLEDGEMENT).first()
        assert notice is not None
        assert notice.asked_from == "127.0.0.0/24"
        post.at = notice.created_at
        for number in range(4):
            post.gets(written(f"{number}", From="victim@else.example.com"))
        assert self.sent() == 5

    def test_a_form_whose_mail_was_not_sent_does_not_say_that_it_was(
        self, cast: Cast, client, settings
    ) -> None:
        settings.ACKNOWLEDGEMENTS_AN_ADDRESS = 1
        typed = {
            "name": "x",
            "subject": "x",
            "priority": "medium",
            "website": "",
            "email": "v@else.example.com",
        }
        pages = [
            client.post(
                "/help/school-devices/requests/new/", typed | {"text": text}, follow=True
            ).content.decode()
            for text in ("one", "two")
        ]
        assert "We have written to" in pages[0]
        assert "We have written to" not in pages[1]
        assert Ticket.objects.count() == 2

    def test_what_an_agent_opens_is_not_counted(self, cast: Cast) -> None:
        for minute in range(8):
            cast.writes(f"2026-03-19 08:0{minute}", opened_by=cast.bob)
        assert self.sent() == 0
        assert Notice.objects.filter(kind=NoticeKind.REPLY).count() == 8
        later = utc("2026-03-19 08:30")
        assert acknowledging.objection(cast.amina.address, "school.example.org", cast.desk.pk, later) is None


class TestFloods:
    @pytest.fixture
    def post(self, cast: Cast) -> Post:
        return Post(cast)

    def test_more_mails_than_a_person_writes_are_held_from_there(self, cast: Cast, post: Post) -> None:
        ticket = cast.writes("2026-03-19 08:00")
        actions.assign(ticket.pk, cast.lena, cast.bob, at("2026-03-19 08:10"))
        subject = f"[{ticket.number}]"
        for number in range(placing.MAILS_OF_A_PERSON + 5):
            post.at -= timedelta(seconds=45)
            mail = post.gets(written(f"word {number}", Subject=subject))
        held = ticket.messages.filter(released=False)
        assert held.count() == 5
        assert mail.message is not None
        assert (mail.message.held_because, mail.reason) == (placing.TOO_QUICK, placing.TOO_QUICK)
        assert StoryEvent.objects.filter(ticket=ticket, actor="customer", kind="message").count() == 20
        assert Notice.objects.filter(kind=NoticeKind.CUSTOMER_WROTE).count() == 20
        post.at += timedelta(minutes=11)
        after = post.gets(written("Later, by hand", Subject=subject)).message
        assert after is not None
        assert after.kind == Message.Kind.CUSTOMER
        others = post.gets(written("x", From="noor@school.example.org", Subject=subject)).message
        assert others is not None
        assert others.held_because != placing.TOO_QUICK

    def test_what_was_too_quick_still_counts_when_an_agent_says_so(self, cast: Cast, post: Post) -> None:
        """A phone that sends each picture as a mail of its own."""
        ticket = cast.writes("2026-03-19 08:00")
        for number in range(placing.MAILS_OF_A_PERSON + 1):
            post.at -= timedelta(seconds=45)
            mail = post.gets(written(f"picture {number}", Subject=f"[{ticket.number}]"))
        assert mail.message is not None
        actions.release_message(mail.message.pk, cast.bob, at("2026-03-19 10:00"))
        mail.message.refresh_from_db()
        assert mail.message.kind == Message.Kind.CUSTOMER

    def test_new_requests_are_made_however_many_and_answered_a_few_times(self, post: Post) -> None:
        for number in range(61):
            post.at -= timedelta(seconds=30)
            post.gets(written(f"word {number}"))
        assert Ticket.objects.count() == 61
        assert Notice.objects.count() == 5


def test_words_of_a_stranger_reach_nobody_who_was_only_named(cast: Cast) -> None:
    """A request in a victim's name, with another victim in copy: neither hears a word of it from us by itself."""
    post = Post(cast)
    victim = find_or_add_contact("victim@else.example.com", "", LONG_AGO)
    evil = {"From": f'"evilword" <{victim.address}>', "Cc": '"evilword" <second@else.example.com>'}
    post.gets(written("evilword", Subject="evilword", **evil))
    for notice in Notice.objects.all():
        assert b"evilword" not in render(notice)
    assert [notice.to_address for notice in Notice.objects.all()] == [victim.address]
