"""Absent and forbidden look alike, to the byte."""

import re

import pytest
from cast_of_pages import HTMX, enter
from django.test import Client

from harness.cast import Cast
from upheld.people.models import User
from upheld.tickets.incoming import NewFile

PAGES = ("", "reply/", "note/", "status/", "priority/", "assignee/")


@pytest.mark.parametrize("place", PAGES)
def test_the_ticket_of_another_desk_is_as_good_as_absent(cast: Cast, stranger: Client, place: str) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    ask = stranger.post if place else stranger.get
    for options in ({}, HTMX):
        forbidden = ask(f"/tickets/{ticket.number}/{place}", **options)
        absent = ask(f"/tickets/SDS-9999/{place}", **options)
        assert forbidden.status_code == absent.status_code == 404
        assert forbidden.content == absent.content
        assert dict(forbidden.headers) == dict(absent.headers)


def test_files_and_formatted_messages_of_another_desk_are_absent(
    cast: Cast, bob: Client, stranger: Client
) -> None:
    ticket = cast.writes("2026-03-20 16:00", html="<p>x</p>", files=(NewFile("a.txt", "text/plain", b"a"),))
    message = ticket.messages.get()
    file = message.attachments.get()
    for address, nothing in (
        (f"/attachments/{file.pk}/a.txt", "/attachments/999999/a.txt"),
        (f"/messages/{message.pk}/html", "/messages/999999/html"),
    ):
        assert bob.get(address).status_code == 200
        forbidden, absent = stranger.get(address), stranger.get(nothing)
        assert forbidden.status_code == absent.status_code == 404
        assert forbidden.content == absent.content


def test_a_foreign_ticket_changes_neither_list_nor_count_nor_search(cast: Cast, stranger: Client) -> None:
    def seen() -> list[bytes]:
        token = re.compile(rb"csrfmiddlewaretoken|data-token")
        answers = [stranger.get(f"/tickets/{query}").content for query in ("", "?q=laptop", "?q=SDS-1001")]
        return [b"\n".join(line for line in each.splitlines() if not token.search(line)) for each in answers]

    before = seen()
    ticket = cast.writes("2026-03-20 16:00")
    assert ticket.number == "SDS-1001"
    assert seen() == before


def test_visitors_are_asked_to_sign_in_whatever_they_ask_for(cast: Cast, client: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    there = client.get(f"/tickets/{ticket.number}/")
    absent = client.get("/tickets/SDS-9999/")
    assert there.status_code == absent.status_code == 302
    assert there["Location"] == f"/accounts/login/?next=/tickets/{ticket.number}/"
    fragment = client.get("/tickets/", **HTMX)
    assert fragment["HX-Redirect"] == "/accounts/login/"


def test_a_signed_in_contact_finds_no_agent_page(cast: Cast) -> None:
    user = User.objects.create_user("amina@school.example.org", "a long password", "Amina")
    cast.amina.user = user
    cast.amina.save(update_fields=["user"])
    ticket = cast.writes("2026-03-20 16:00")
    amina = enter(user)
    for address in ("/tickets/", f"/tickets/{ticket.number}/"):
        assert amina.get(address).status_code == 404
