"""Who may see and do what on a ticket."""

import pytest

from harness.cast import LONG_AGO, LOOKING, Cast, at, utc
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.rules.tokens import Purpose
from upheld.tickets.actions import (
    Refused,
    assign,
    receive_message,
    reply,
    set_priority,
    set_status,
    write_note,
)
from upheld.tickets.keys import link_token, participant_by, reply_token
from upheld.tickets.models import Message
from upheld.tickets.queries import QueueFilter, counts, queue
from upheld.tickets.ticket_page import ticket_page
from upheld.tickets.visibility import (
    AgentViewer,
    ContactViewer,
    LinkViewer,
    visible_messages,
    visible_tickets,
)


def test_an_agent_of_another_desk_sees_nothing_anywhere(cast: Cast, charlie: Agent) -> None:
    ticket = cast.writes("2026-06-01 09:00", subject="Zebra printer")
    viewer = AgentViewer.of(charlie)
    assert not visible_tickets(viewer).exists()
    assert ticket_page(viewer, ticket.number, utc("2026-06-01 10:00")) is None
    assert queue(viewer, QueueFilter(text="zebra", category="all"), LOOKING).tickets == []
    assert queue(viewer, QueueFilter(text=ticket.number), LOOKING).tickets == []
    assert set(counts(viewer, utc("2026-06-01 10:00")).values()) == {0}


def test_an_agent_of_another_desk_may_do_nothing(cast: Cast, charlie: Agent) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    moment = at("2026-06-01 10:00")
    for act in (
        lambda: reply(ticket.pk, charlie, "Hello", moment),
        lambda: write_note(ticket.pk, charlie, "Hello", moment),
        lambda: set_status(ticket.pk, charlie, "resolved", moment),
        lambda: set_priority(ticket.pk, charlie, "urgent", moment),
        lambda: assign(ticket.pk, charlie, charlie, moment),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert ticket.story.count() == 2


def test_a_right_withdrawn_is_gone_at_once(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    cast.bob.user.is_active = False
    cast.bob.user.save()
    with pytest.raises(NotAllowed):
        reply(ticket.pk, cast.bob, "Hello", at("2026-06-01 10:00"))


def test_a_customer_never_reads_notes_nor_held_messages(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    write_note(ticket.pk, cast.bob, "Looks like a dead battery.", at("2026-06-01 09:10"))
    vendor = find_or_add_contact("desk@vendor.example.net", "Vendor", LONG_AGO)
    held = cast.answer_of_amina(
        "2026-06-01 09:20", "Case 4711 is open.", kind=Message.Kind.THIRD_PARTY, contact=vendor
    )
    receive_message(ticket.pk, held, at("2026-06-01 09:20"))
    reply(ticket.pk, cast.bob, "We ordered a battery.", at("2026-06-01 09:30"))
    seen = visible_messages(ContactViewer(cast.amina.pk), ticket)
    assert [message.text for message in seen] == ["It shows a black screen.", "We ordered a battery."]
    assert visible_messages(AgentViewer.of(cast.bob), ticket).count() == 4


def test_who_joined_later_sees_the_future_and_not_the_past(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    colleague = find_or_add_contact("omar@school.example.org", "Omar", LONG_AGO)
    ticket.participants.create(contact=colleague, sees_from=utc("2026-06-01 12:00"))
    reply(ticket.pk, cast.bob, "A word to both.", at("2026-06-01 13:00"))
    assert [each.text for each in visible_messages(ContactViewer(colleague.pk), ticket)] == [
        "A word to both."
    ]


def test_a_link_opens_one_ticket_until_it_is_revoked(cast: Cast) -> None:
    ticket, other = cast.writes("2026-06-01 09:00"), cast.writes("2026-06-01 09:05")
    participant = ticket.participants.get()
    token = link_token(participant)
    assert participant_by(Purpose.link, token) == participant
    viewer = LinkViewer(participant.pk, ticket.pk, participant.contact_id)
    assert list(visible_tickets(viewer)) == [ticket]
    assert ticket_page(viewer, other.number, utc("2026-06-01 10:00")) is None
    participant.key_serial += 1
    participant.save()
    assert participant_by(Purpose.link, token) is None


def test_a_token_serves_the_purpose_it_was_made_for(cast: Cast) -> None:
    participant = cast.writes("2026-06-01 09:00").participants.get()
    assert participant_by(Purpose.link, reply_token(participant)) is None
    assert participant_by(Purpose.reply, link_token(participant)) is None


@pytest.mark.parametrize(
    "text", ["", " ", "1-1-", "1-1-aaaaaaaaaaaaaaaa", "x" * 10_000, "1-1-\u0131\n", "-1-1-a"]
)
def test_a_false_token_opens_nothing(cast: Cast, text: str) -> None:
    cast.writes("2026-06-01 09:00")
    assert participant_by(Purpose.link, text) is None


def test_lowering_the_priority_needs_a_reason(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    with pytest.raises(Refused, match="Say why"):
        set_priority(ticket.pk, cast.bob, "low", at("2026-06-01 10:00"))
    set_priority(ticket.pk, cast.bob, "low", at("2026-06-01 10:00"), reason="One spare laptop was there.")
    ticket.refresh_from_db()
    assert ticket.priority == "low"


def test_an_empty_reply_is_refused_and_changes_nothing(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    with pytest.raises(Refused, match="empty"):
        reply(ticket.pk, cast.bob, "  \n ", at("2026-06-01 10:00"))
    assert ticket.messages.count() == 1


def test_an_unknown_status_is_refused_in_words(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    with pytest.raises(Refused, match="cannot become"):
        set_status(ticket.pk, cast.bob, "lost", at("2026-06-01 10:00"))


def test_a_ticket_goes_only_to_an_agent_of_its_desk(cast: Cast, charlie: Agent) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    with pytest.raises(Refused, match="does not work on this desk"):
        assign(ticket.pk, cast.bob, charlie, at("2026-06-01 10:00"))
