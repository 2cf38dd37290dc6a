"""Who takes part: by asking, by being put in copy, by an agent's word; from then on, and until they are put out."""

import pytest
from django.test import Client

from harness.cast import LONG_AGO, Cast, at, utc
from mailboxes.incoming import edge
from mailboxes.incoming.desk_mail import Post
from mailboxes.incoming.mails import written
from upheld.mailboxes.outgoing.facts import UndeliverableError
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.rules.tokens import Purpose
from upheld.tickets import actions
from upheld.tickets.joining import MOST_PARTICIPANTS
from upheld.tickets.keys import link_token, participant_by, reply_token
from upheld.tickets.models import JoinedBy, Message, Participant, StoryEvent, Ticket
from upheld.tickets.visibility import ContactViewer, visible_messages, visible_tickets

HEAD = "head@school.example.org"
MALLORY = "mallory@evil.example.net"


@pytest.fixture
def post(cast: Cast) -> Post:
    edge.is_believed()
    return Post(cast)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.writes("2026-03-19 08:00")


def follow_up(post: Post, ticket: Ticket, body: str = "With a copy", **headers: str) -> Message:
    values = {"Subject": f"[{ticket.number}]", "Authentication_Results": edge.PASSED} | headers
    message = post.gets(written(body, **values)).message
    assert message is not None
    return message


def part_of(ticket: Ticket, address: str) -> Participant:
    return Participant.objects.get(ticket=ticket, contact__address=address)


def readable(ticket: Ticket, address: str) -> list[str]:
    """What somebody may read of a ticket, as a signed-in contact."""
    contact = find_or_add_contact(address, "", LONG_AGO)
    viewer = ContactViewer(contact.pk)
    if not visible_tickets(viewer).filter(pk=ticket.pk).exists():
        return []
    return [message.text for message in visible_messages(viewer, ticket)]


class TestInCopy:
    def test_of_the_first_mail(self, post: Post) -> None:
        ticket = post.gets(written(Cc=HEAD)).ticket
        assert ticket is not None
        joined = part_of(ticket, HEAD)
        assert (joined.joined_by, joined.sees_from) == (JoinedBy.COPY, ticket.received_at)
        assert part_of(ticket, "amina@school.example.org").joined_by == JoinedBy.REQUEST

    def test_of_a_further_mail_gives_the_future_and_never_the_past(
        self, cast: Cast, post: Post, ticket: Ticket
    ) -> None:
        actions.reply(ticket.pk, cast.bob, "The past.", at("2026-03-19 08:30"))
        Notice.objects.all().delete()
        message = follow_up(post, ticket, Cc=HEAD)
        joined = part_of(ticket, HEAD)
        assert (joined.joined_by, joined.sees_from) == (JoinedBy.COPY, message.at)
        assert not Notice.objects.filter(to_address=HEAD).exists()  # nobody is told
        actions.reply(ticket.pk, cast.bob, "The future.", at("2026-03-19 10:00"))
        assert readable(ticket, HEAD) == ["With a copy", "The future."]
        page = Client().get(f"/r/{link_token(joined)}/").content.decode()
        assert "The future." in page
        assert "The past." not in page
        assert "black screen" not in page
        for notice in Notice.objects.filter(to_address=HEAD):
            mail = render(notice)
            assert b"The future." in mail
            assert b"The past." not in mail
            assert b"black screen" not in mail
        assert StoryEvent.objects.get(ticket=ticket, kind="joined").contact == joined.contact

    @pytest.mark.parametrize("says", ["", edge.FAILED])
    def test_of_a_mail_that_may_be_forged_gives_nothing(self, post: Post, ticket: Ticket, says: str) -> None:
        follow_up(post, ticket, Cc=MALLORY, Authentication_Results=says)
        assert ticket.participants.count() == 1

    def test_of_somebody_elses_mail_gives_nothing(self, post: Post, ticket: Ticket) -> None:
        token = reply_token(ticket.participants.get())
        raw = written("Hi", From=MALLORY, Cc=MALLORY, Authentication_Results=edge.PASSED)
        post.gets(raw, to=f"support+{token}@desk.example.com")
        assert ticket.participants.count() == 1

    def test_in_the_to_line_beside_us_alone_gives_nothing(self, post: Post, ticket: Ticket) -> None:
        follow_up(post, ticket, To=f"support@desk.example.com, {HEAD}")
        assert ticket.participants.count() == 1

    def test_only_so_many_take_part(self, post: Post, ticket: Ticket) -> None:
        for hundred in range(3):
            copies = ", ".join(f"p{hundred}{number}@school.example.org" for number in range(15))
            follow_up(post, ticket, f"copy {hundred}", Cc=copies)
        assert ticket.participants.count() == MOST_PARTICIPANTS

    def test_our_own_mailboxes_take_part_in_nothing(self, post: Post, ticket: Ticket) -> None:
        follow_up(post, ticket, Cc="Support+x@desk.example.com")
        assert ticket.participants.count() == 1


class TestPuttingOut:
    @pytest.fixture
    def joined(self, cast: Cast) -> Participant:
        head = find_or_add_contact(HEAD, "Head", LONG_AGO)
        return part_of(cast.writes("2026-03-19 08:00", cc=(head,)), HEAD)

    def test_every_way_in_is_dead(self, cast: Cast, post: Post, joined: Participant) -> None:
        ticket, link, token = joined.ticket, link_token(joined), reply_token(joined)
        actions.reply(ticket.pk, cast.bob, "Before.", at("2026-03-19 08:30"))
        waiting = Notice.objects.get(kind=NoticeKind.REPLY, to_address=HEAD)
        assert Client().get(f"/r/{link}/").status_code == 200
        gone = actions.remove_participant(ticket.pk, joined.pk, cast.bob, at("2026-03-19 09:00"))
        assert (gone.removed_at, gone.key_serial) == (utc("2026-03-19 09:00"), 2)
        assert Client().get(f"/r/{link}/").status_code == 404
        assert Client().get(f"/r/{link_token(gone)}/").status_code == 404
        assert participant_by(Purpose.reply, token) is None
        assert readable(ticket, HEAD) == []
        with pytest.raises(UndeliverableError):
            render(waiting)
        actions.reply(ticket.pk, cast.bob, "After.", at("2026-03-19 09:30"))
        assert Notice.objects.filter(to_address=HEAD, kind=NoticeKind.REPLY).count() == 1
        for to in (f"support+{token}@desk.example.com", "support@desk.example.com"):
            raw = written(
                f"to {to}", From=HEAD, Subject=f"[{ticket.number}]", Authentication_Results=edge.PASSED
            )
            assert post.gets(raw, to=to).ticket != ticket
        event = StoryEvent.objects.get(ticket=ticket, kind="removed")
        assert (event.agent, event.data["participant"]) == (cast.bob, joined.pk)

    def test_a_copy_brings_nobody_back(self, cast: Cast, post: Post, joined: Participant) -> None:
        actions.remove_participant(joined.ticket_id, joined.pk, cast.bob, at("2026-03-19 09:00"))
        follow_up(post, joined.ticket, Cc=HEAD)
        assert readable(joined.ticket, HEAD) == []

    def test_twice_is_once(self, cast: Cast, joined: Participant) -> None:
        for minute in (10, 20):
            actions.remove_participant(joined.ticket_id, joined.pk, cast.bob, at(f"2026-03-19 09:{minute}"))
        joined.refresh_from_db()
        assert (joined.key_serial, joined.removed_at) == (2, utc("2026-03-19 09:10"))
        assert StoryEvent.objects.filter(kind="removed").count() == 1

    def test_not_the_requester(self, cast: Cast, joined: Participant) -> None:
        requester = part_of(joined.ticket, "amina@school.example.org")
        with pytest.raises(actions.Refused, match="Whoever asked"):
            actions.remove_participant(joined.ticket_id, requester.pk, cast.bob, at("2026-03-19 09:00"))

    def test_only_by_agents_of_the_desk_and_only_of_that_ticket(
        self, cast: Cast, charlie: Agent, joined: Participant, ticket: Ticket
    ) -> None:
        with pytest.raises(NotAllowed):
            actions.remove_participant(joined.ticket_id, joined.pk, charlie, at("2026-03-19 09:00"))
        with pytest.raises(Participant.DoesNotExist):
            actions.remove_participant(ticket.pk, joined.pk, cast.bob, at("2026-03-19 09:00"))


class TestReleasing:
    def held(self, post: Post, ticket: Ticket, **headers: str) -> Message:
        message = follow_up(post, ticket, "It is number 4711.", Authentication_Results=edge.FAILED, **headers)
        assert (message.released, message.kind) == (False, Message.Kind.THIRD_PARTY)
        return message

    def test_what_was_taken_for_forged_counts_as_the_customers_at_its_receipt(
        self, cast: Cast, post: Post, ticket: Ticket
    ) -> None:
        """As if it had never been held: the same standing as on a ticket where it never was."""
        actions.reply(
            ticket.pk, cast.bob, "Which number?", at("2026-03-19 08:30"), status="waiting_on_customer"
        )
        message = self.held(post, ticket)
        ticket.refresh_from_db()
        assert ticket.status == "waiting_on_customer"
        actions.release_message(message.pk, cast.bob, at("2026-03-19 11:00"))
        message.refresh_from_db()
        assert (message.released, message.kind) == (True, Message.Kind.CUSTOMER)
        twin = cast.writes("2026-03-19 08:00")
        actions.reply(
            twin.pk, cast.bob, "Which number?", at("2026-03-19 08:30"), status="waiting_on_customer"
        )
        direct = cast.answer_of_amina("2026-03-19 09:01")
        assert direct.received_at == message.at
        actions.receive_message(twin.pk, direct, at("2026-03-19 11:00"))
        ticket.refresh_from_db()
        twin.refresh_from_db()
        assert (ticket.status, ticket.next_due_at) == (twin.status, twin.next_due_at)
        assert ticket.status != "waiting_on_customer"
        assert ticket.standing["clocks"] == twin.standing["clocks"]

    def test_what_is_recorded_is_not_rewritten_by_it(self, cast: Cast, post: Post, ticket: Ticket) -> None:
        message = self.held(post, ticket)
        after_all_is_due = at("2026-04-30 09:00")
        actions.settle_ticket(ticket.pk, after_all_is_due)
        recorded = list(
            StoryEvent.objects.filter(ticket=ticket, consequence_key__isnull=False).values("pk", "at")
        )
        assert recorded
        actions.release_message(message.pk, cast.bob, after_all_is_due)
        event = StoryEvent.objects.get(ticket=ticket, kind="message", message=message, actor="customer")
        assert event.data["held_at"] == message.at.isoformat()
        assert event.at > max(each["at"] for each in recorded)

    def test_twice_counts_once(self, cast: Cast, post: Post, ticket: Ticket) -> None:
        message = self.held(post, ticket)
        for minute in (0, 1):
            actions.release_message(message.pk, cast.bob, at(f"2026-03-19 11:0{minute}"))
        assert StoryEvent.objects.filter(message=message, actor="customer").count() == 1

    def test_a_strangers_message_is_read_and_counts_for_nothing(
        self, cast: Cast, post: Post, ticket: Ticket
    ) -> None:
        actions.reply(
            ticket.pk, cast.bob, "Which number?", at("2026-03-19 08:30"), status="waiting_on_customer"
        )
        token = reply_token(ticket.participants.get())
        message = post.gets(written("Hi", From=MALLORY), to=f"support+{token}@desk.example.com").message
        assert message is not None
        actions.release_message(message.pk, cast.bob, at("2026-03-19 11:00"))
        ticket.refresh_from_db()
        assert ticket.status == "waiting_on_customer"
        assert readable(ticket, "amina@school.example.org")[-1] == "Hi"
        assert readable(ticket, MALLORY) == []

    def test_an_absence_note_never_counts(self, cast: Cast, post: Post, ticket: Ticket) -> None:
        message = follow_up(post, ticket, "Away", Auto_Submitted="auto-replied")
        actions.release_message(message.pk, cast.bob, at("2026-03-19 11:00"))
        message.refresh_from_db()
        assert (message.kind, message.released) == (Message.Kind.MACHINE, True)
        assert not StoryEvent.objects.filter(message=message, actor="customer").exists()

    def test_a_colleague_may_take_part_from_now_on(self, cast: Cast, post: Post, ticket: Ticket) -> None:
        message = follow_up(post, ticket, "May I add?", From="noor@school.example.org")
        assert not message.released
        actions.release_message(message.pk, cast.bob, at("2026-03-19 11:00"), join=True)
        joined = part_of(ticket, "noor@school.example.org")
        assert (joined.joined_by, joined.sees_from) == (JoinedBy.AGENT, utc("2026-03-19 11:00"))
        actions.reply(ticket.pk, cast.bob, "You may.", at("2026-03-19 11:30"))
        assert readable(ticket, "noor@school.example.org") == ["You may."]
        again = post.gets(
            written("Thanks", From="noor@school.example.org", Subject=f"[{ticket.number}]")
        ).message
        assert again is not None
        assert again.kind == Message.Kind.CUSTOMER

    def test_an_agent_may_bring_back_who_was_put_out(self, cast: Cast, post: Post) -> None:
        head = find_or_add_contact(HEAD, "Head", LONG_AGO)
        ticket = cast.writes("2026-03-19 08:00", cc=(head,))
        joined = part_of(ticket, HEAD)
        old = link_token(joined)
        message = follow_up(post, ticket, "Me too", From=HEAD, Authentication_Results=edge.FAILED)
        actions.remove_participant(ticket.pk, joined.pk, cast.bob, at("2026-03-19 10:00"))
        actions.release_message(message.pk, cast.bob, at("2026-03-19 11:00"), join=True)
        joined.refresh_from_db()
        assert (joined.removed_at, joined.sees_from) == (None, utc("2026-03-19 11:00"))
        assert participant_by(Purpose.link, old) is None

    def test_only_agents_of_the_desk_release(
        self, cast: Cast, charlie: Agent, post: Post, ticket: Ticket
    ) -> None:
        message = self.held(post, ticket)
        with pytest.raises(NotAllowed):
            actions.release_message(message.pk, charlie, at("2026-03-19 11:00"), join=True)
