"""What a ticket's page tells of its mail: who takes part, what is held and why, what did not arrive."""

import re
from datetime import timedelta

import pytest
from cast_of_pages import HOSTILE, NOW, enter, page
from desk_post import notice
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.notices.models import NoticeKind, NoticeState
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Contact
from upheld.rules.permissions import Act
from upheld.tickets import actions
from upheld.tickets.models import Message, Participant, Ticket


@pytest.fixture
def head(cast: Cast) -> Contact:
    """Amina's head teacher, of the same school."""
    return find_or_add_contact("head@school.example.org", "Helen Moss", LONG_AGO)


def shown(bob: Client, ticket: Ticket) -> str:
    return page(bob.get(f"/tickets/{ticket.number}/"))


def plain(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def held(cast: Cast, ticket: Ticket, contact: Contact, because: str) -> Message:
    """A message on the ticket that its customer does not see."""
    incoming = cast.answer_of_amina(
        "2026-03-20 16:00", "Is it done?", kind=Message.Kind.THIRD_PARTY, contact=contact
    )
    message = actions.receive_message(ticket.pk, incoming, at("2026-03-20 16:00"))
    Message.objects.filter(pk=message.pk).update(held_because=because)
    return message


def the_item(text: str, message: Message) -> str:
    found = re.search(rf'<li id="m{message.pk}".*?\n</li>', text, re.S)
    assert found
    return found[0]


def test_the_page_tells_who_takes_part_and_how_they_came_to(cast: Cast, bob: Client, head: Contact) -> None:
    ticket = cast.writes("2026-03-20 15:00", cc=(head,))
    Participant.objects.filter(contact=head).update(joined_by="copy", sees_from=utc("2026-03-20 15:30"))
    people = re.search(r'class="participants">.*?</ul>', shown(bob, ticket), re.S)
    assert people
    said = plain(people[0])
    assert "Helen Moss head@school.example.org named in copy; reads what was said since today 15:30" in said
    assert said.count("Put out") == 1, "there is a button for everybody but who asked"


def test_who_is_put_out_reads_no_further(cast: Cast, bob: Client, head: Contact) -> None:
    ticket = cast.writes("2026-03-20 15:00", cc=(head,))
    helen = Participant.objects.get(contact=head)
    address = f"/tickets/{ticket.number}/participants/{helen.pk}/put-out/"
    assert bob.get(address).status_code == 405
    done = bob.post(address, follow=True)
    assert "Helen Moss is put out" in page(done)
    helen.refresh_from_db()
    assert helen.removed_at is not None
    assert 'class="participants"' not in page(done)
    assert "put somebody out of the ticket" in page(done)
    assert bob.post(address).status_code == 302, "putting out twice changes nothing"


def test_who_asked_cannot_be_put_out_of_their_own_request(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    amina = Participant.objects.get(contact=cast.amina)
    answer = bob.post(f"/tickets/{ticket.number}/participants/{amina.pk}/put-out/")
    assert answer.status_code == 422
    amina.refresh_from_db()
    assert amina.removed_at is None


def test_nobody_is_put_out_from_another_desk_or_by_another_tickets_address(
    cast: Cast, bob: Client, stranger: Client, head: Contact
) -> None:
    ticket, other = cast.writes("2026-03-20 15:00", cc=(head,)), cast.writes("2026-03-20 15:05")
    helen = Participant.objects.get(contact=head)
    assert stranger.post(f"/tickets/{ticket.number}/participants/{helen.pk}/put-out/").status_code == 404
    assert bob.post(f"/tickets/{other.number}/participants/{helen.pk}/put-out/").status_code == 404
    helen.refresh_from_db()
    assert helen.removed_at is None


def test_a_held_message_tells_why_and_a_colleague_can_be_let_in(
    cast: Cast, bob: Client, head: Contact
) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    message = held(cast, ticket, head, "it is from a colleague of who asked")
    item = the_item(shown(bob, ticket), message)
    assert "Not shown to the customer: it is from a colleague of who asked" in plain(item)
    assert "Release and let them take part" in item
    assert "may not be" not in item
    bob.post(f"/tickets/{ticket.number}/messages/{message.pk}/release/", {"join": "yes"})
    message.refresh_from_db()
    assert message.released
    assert Participant.objects.filter(ticket=ticket, contact=head, removed_at=None).exists()
    assert "added by an agent" in shown(bob, ticket)


def test_released_without_more_its_sender_does_not_take_part(cast: Cast, bob: Client, head: Contact) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    message = held(cast, ticket, head, "it is from a colleague of who asked")
    bob.post(f"/tickets/{ticket.number}/messages/{message.pk}/release/")
    message.refresh_from_db()
    assert message.released
    assert not Participant.objects.filter(contact=head).exists()
    item = the_item(shown(bob, ticket), message)
    assert "Release" not in item
    assert "Not shown" not in item


def test_a_stranger_is_not_offered_as_somebody_to_let_in(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    vendor = find_or_add_contact("parts@vendor.example.com", "Parts", LONG_AGO)
    message = held(cast, ticket, vendor, "its sender does not belong to the ticket")
    item = the_item(shown(bob, ticket), message)
    assert "Release to the customer" in item
    assert "take part" not in item


def test_what_claims_to_be_the_customers_says_that_it_may_not_be(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    message = held(cast, ticket, cast.amina, "our mail server says that it did not come from there")
    item = the_item(shown(bob, ticket), message)
    assert "It says that it is from Amina Yusuf, but it may not be." in item
    assert "take part" not in item


def test_a_reply_that_did_not_arrive_says_to_whom_and_why(cast: Cast, bob: Client, head: Contact) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    reply = actions.reply(ticket.pk, cast.bob, "Restart it.", at("2026-03-20 15:10"))
    about = {"ticket_id": ticket.pk, "message_ref": reply.pk, "participant_id": 1, "kind": NoticeKind.REPLY}
    notice(cast.desk, **about)
    notice(cast.desk, NoticeState.BOUNCED, to_address="head@school.example.org", last_error="5.1.1", **about)
    notice(cast.desk, NoticeState.WAITING, to_address="late@school.example.org", **about)
    notice(cast.desk, NoticeState.SENT, to_address="fine@school.example.org", **about)
    item = plain(the_item(shown(bob, ticket), reply))
    assert "Not delivered to amina@school.example.org: SMTPDataError: 550 mailbox full" in item
    assert "Not delivered to head@school.example.org: 5.1.1" in item
    assert "Not sent yet to late@school.example.org" in item
    assert "tried 3 times, next try today 17:05" in item
    assert "fine@" not in item
    assert "Decide" not in item, "an agent finds nothing behind that link"
    assert "Decide" in the_item(shown(enter(cast.lena.user), ticket), reply)


def test_other_mail_to_the_customer_that_did_not_arrive_is_told_too(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    assert "undelivered-title" not in shown(bob, ticket)
    notice(cast.desk, ticket_id=ticket.pk, participant_id=1, kind=NoticeKind.ACKNOWLEDGEMENT)
    notice(cast.desk, ticket_id=ticket.pk, kind=NoticeKind.ASSIGNED, to_address="bob@desk.example.com")
    notice(cast.desk, NoticeState.WAITING, attempts=0, ticket_id=ticket.pk, participant_id=1)
    card = re.search(r'id="undelivered-title".*?</section>', shown(bob, ticket), re.S)
    assert card
    assert "Not delivered to amina@school.example.org (Acknowledgement)" in plain(card[0])
    assert card[0].count("<li") == 1


def test_hostile_reasons_and_names_stay_words(cast: Cast, bob: Client, head: Contact) -> None:
    head.name = HOSTILE[:150]
    head.save(update_fields=["name"])
    ticket = cast.writes("2026-03-20 15:00", cc=(head,))
    held(cast, ticket, cast.amina, HOSTILE)
    notice(cast.desk, ticket_id=ticket.pk, participant_id=1, last_error=HOSTILE + "\r\n<b>x</b>")
    text = shown(bob, ticket)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "<b>x" not in text


def test_what_did_not_arrive_costs_one_query_however_much_it_is(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    for _ in range(12):
        reply = actions.reply(ticket.pk, cast.bob, "Restart it.", at("2026-03-20 15:10"))
        notice(cast.desk, ticket_id=ticket.pk, message_ref=reply.pk, participant_id=1)
    for client in (bob, enter(cast.lena.user)):
        shown(client, ticket)
        with CaptureQueriesContext(connection) as asked:
            shown(client, ticket)
        assert len([each for each in asked if each["sql"].startswith('SELECT "notices_notice"')]) == 1
        assert len(asked) <= 13


def test_the_right_to_put_out_is_asked_when_it_is_done(
    cast: Cast, bob: Client, head: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = cast.writes("2026-03-20 15:00", cc=(head,))
    helen = Participant.objects.get(contact=head)
    from upheld.rules import permissions

    granted = {role: acts - {Act.remove_participant} for role, acts in permissions._GRANTED.items()}
    monkeypatch.setattr(permissions, "_GRANTED", granted)
    assert "Put out" not in shown(bob, ticket)
    answer = bob.post(f"/tickets/{ticket.number}/participants/{helen.pk}/put-out/")
    assert answer.status_code == 403
    helen.refresh_from_db()
    assert helen.removed_at is None
    assert timedelta() < NOW - helen.sees_from
