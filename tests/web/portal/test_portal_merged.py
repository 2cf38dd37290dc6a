"""A request that goes on in another, as its customer sees it."""

import pytest
from django.test import Client
from portal_cast import hidden_fields, link

from harness.cast import LONG_AGO, Cast, at
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Contact
from upheld.tickets.actions import merge_tickets, reply, undo_merge
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Attachment, Ticket


@pytest.fixture
def kofi(cast: Cast) -> Contact:
    return find_or_add_contact("kofi@school.example.org", "Kofi", LONG_AGO)


@pytest.fixture
def first(cast: Cast, noon: object, kofi: Contact) -> Ticket:
    """Kofi's request, with a file; it survives."""
    file = NewFile("plan.txt", "text/plain", b"the plan")
    ticket = cast.writes("2026-03-16 08:00", "The lab", contact=kofi, text="Kofi's words.", files=(file,))
    reply(ticket.pk, cast.bob, "Said to Kofi before.", at("2026-03-16 09:00"))
    return ticket


@pytest.fixture
def second(cast: Cast, first: Ticket) -> Ticket:
    """Amina's request, which becomes a part of Kofi's."""
    ticket = cast.writes("2026-03-16 08:30")
    merge_tickets(ticket.pk, first.number, cast.bob, at("2026-03-16 10:00"))
    reply(first.pk, cast.bob, "Said to both.", at("2026-03-16 11:00"))
    ticket.refresh_from_db()
    return ticket


def test_the_old_page_says_where_it_goes_on_and_shows_what_it_showed(
    signed_in: Client, first: Ticket, second: Ticket
) -> None:
    page = signed_in.get(f"/requests/{second.number}/").content.decode()
    assert f'This request goes on as <a href="/requests/{first.number}/">' in page
    assert "It shows a black screen." in page and "Said to both." not in page
    assert f"Goes on as {first.number}" in signed_in.get("/requests/").content.decode()


def test_the_survivor_shows_the_part_and_nothing_of_before(
    signed_in: Client, first: Ticket, second: Ticket
) -> None:
    page = signed_in.get(f"/requests/{first.number}/").content.decode()
    assert "It shows a black screen." in page and f"from {second.number}" in page
    assert "Said to both." in page
    for hidden in ("Kofi&#x27;s words", "Kofi's words", "Said to Kofi before.", "plan.txt"):
        assert hidden not in page
    file = Attachment.objects.get()
    for number in (first.number, second.number):
        assert signed_in.get(f"/requests/{number}/files/{file.pk}/plan.txt").status_code == 404


def test_what_is_written_on_the_old_page_arrives_at_the_survivor_once(
    signed_in: Client, first: Ticket, second: Ticket
) -> None:
    address = f"/requests/{second.number}/"
    typed = {"text": "One more thing."} | hidden_fields(signed_in.get(address).content.decode())
    for _ in range(2):
        sent = signed_in.post(address, typed)
        assert sent["Location"].startswith(f"/requests/{first.number}/#message-")
    assert first.messages.filter(text="One more thing.").count() == 1


def test_the_old_link_shows_its_own_ticket_and_takes_what_is_written_there(
    stranger: Client, cast: Cast, first: Ticket, second: Ticket
) -> None:
    address = link(second)
    page = stranger.get(address).content.decode()
    assert f"This request goes on as {first.number}." in page
    assert link(first, cast.amina) not in page and "Said to both." not in page
    sent = stranger.post(address, {"text": "By the old link."} | hidden_fields(page))
    assert "Your reply has arrived." in sent.content.decode()
    assert first.messages.get(text="By the old link.").contact == cast.amina
    assert "By the old link." not in stranger.get(address).content.decode()
    assert "By the old link." in stranger.get(link(first, cast.amina)).content.decode()


def test_who_asked_in_the_survivor_reads_nothing_of_the_part(
    stranger: Client, first: Ticket, second: Ticket
) -> None:
    page = stranger.get(link(first)).content.decode()
    assert "Said to both." in page
    assert "It shows a black screen." not in page and second.number not in page


def test_taken_back_the_link_to_the_survivor_is_dead(
    stranger: Client, cast: Cast, first: Ticket, second: Ticket
) -> None:
    there = link(first, cast.amina)
    assert stranger.get(there).status_code == 200
    undo_merge(second.pk, cast.bob, at("2026-03-16 11:30"))
    assert stranger.get(there).status_code == 404
    assert "goes on as" not in stranger.get(link(second)).content.decode()
