"""Somebody else asked: they get what is sent, read it all, and who it was before stays or goes."""

import pytest

from harness.cast import LONG_AGO, Cast, at
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Agent, Contact
from upheld.rules.permissions import NotAllowed
from upheld.rules.tokens import Purpose
from upheld.tickets.actions import Asker, Refused, change_requester, mark_spam, reply, restrict_ticket
from upheld.tickets.keys import link_token, participant_by, reply_token
from upheld.tickets.models import Participant, StoryEvent, Ticket
from upheld.tickets.visibility import ContactViewer, visible_messages, visible_tickets

NOW = at("2026-03-20 15:00")


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.writes("2026-03-20 14:00")


@pytest.fixture
def chiara(cast: Cast) -> Contact:
    """She wrote once before, so Bob knows her."""
    chiara = find_or_add_contact("chiara@school.example.org", "Chiara Neri", LONG_AGO)
    cast.writes("2026-03-19 10:00", subject="Projector", contact=chiara)
    return chiara


def to_whom(ticket: Ticket) -> list[str]:
    replies = Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.REPLY).order_by("pk")
    return [each.to_address for each in replies]


def test_she_reads_it_all_and_gets_the_next_reply(cast: Cast, ticket: Ticket, chiara: Contact) -> None:
    due = ticket.next_due_at
    change_requester(ticket.pk, cast.bob, Asker(chiara.pk), NOW, keeps=True)
    ticket.refresh_from_db()
    assert ticket.requester == chiara and ticket.next_due_at == due
    viewer = ContactViewer(chiara.pk)
    assert ticket in visible_tickets(viewer)
    assert visible_messages(viewer, ticket).count() == 1, "from the beginning"
    reply(ticket.pk, cast.bob, "We look into it.", at("2026-03-20 15:10"))
    assert to_whom(ticket) == [chiara.address, cast.amina.address]
    told = StoryEvent.objects.get(ticket=ticket, kind="requester")
    assert (
        told.data == {"before": "Amina Yusuf", "to": "Chiara Neri", "kept": True} and told.agent == cast.bob
    )


def test_who_is_put_out_has_no_way_back(cast: Cast, ticket: Ticket, chiara: Contact) -> None:
    before = ticket.participants.get()
    link, address = link_token(before), reply_token(before)
    change_requester(ticket.pk, cast.bob, Asker(chiara.pk), NOW, keeps=False)
    assert participant_by(Purpose.link, link) is None and participant_by(Purpose.reply, address) is None
    assert ticket not in visible_tickets(ContactViewer(cast.amina.pk))
    reply(ticket.pk, cast.bob, "We look into it.", at("2026-03-20 15:10"))
    assert to_whom(ticket) == [chiara.address]
    change_requester(ticket.pk, cast.bob, Asker(cast.amina.pk), at("2026-03-20 15:20"), keeps=False)
    assert ticket in visible_tickets(ContactViewer(cast.amina.pk))
    assert participant_by(Purpose.link, link) is None, "an old link stays dead"
    assert [each.contact for each in Participant.objects.filter(ticket=ticket, is_requester=True)] == [
        cast.amina
    ]


def test_a_new_address_becomes_a_contact(cast: Cast, ticket: Ticket) -> None:
    change_requester(
        ticket.pk, cast.bob, Asker(address=" New@School.example.org ", name="Nadia"), NOW, keeps=True
    )
    ticket.refresh_from_db()
    assert (ticket.requester.address, ticket.requester.name) == ("new@school.example.org", "Nadia")


@pytest.mark.parametrize(
    "asker", [Asker(), Asker(address="nobody"), Asker(address="support@desk.example.com")]
)
def test_nobody_is_no_requester(cast: Cast, ticket: Ticket, asker: Asker) -> None:
    with pytest.raises(Refused):
        change_requester(ticket.pk, cast.bob, asker, NOW, keeps=True)


def test_what_cannot_be_is_refused(cast: Cast, ticket: Ticket, chiara: Contact, charlie: Agent) -> None:
    stranger = find_or_add_contact("zoe@elsewhere.example.net", "Zoe", LONG_AGO)
    with pytest.raises(Refused, match="no such contact"):
        change_requester(ticket.pk, cast.bob, Asker(stranger.pk), NOW, keeps=True)
    with pytest.raises(Refused, match="already"):
        change_requester(ticket.pk, cast.bob, Asker(cast.amina.pk), NOW, keeps=True)
    with pytest.raises(NotAllowed):
        change_requester(ticket.pk, charlie, Asker(chiara.pk), NOW, keeps=True)
    mark_spam(ticket.pk, cast.bob, NOW)
    with pytest.raises(Refused, match="spam"):
        change_requester(ticket.pk, cast.bob, Asker(chiara.pk), NOW, keeps=True)


def test_a_restricted_ticket_keeps_its_readers(cast: Cast, ticket: Ticket, chiara: Contact) -> None:
    cast.reads_what_is_restricted(cast.lena)
    restrict_ticket(ticket.pk, cast.lena, "It is about a colleague.", NOW)
    with pytest.raises(NotAllowed):
        change_requester(ticket.pk, cast.bob, Asker(chiara.pk), NOW, keeps=True)
    change_requester(ticket.pk, cast.lena, Asker(chiara.pk), NOW, keeps=False)
    ticket.refresh_from_db()
    assert ticket.restricted and ticket.requester == chiara
