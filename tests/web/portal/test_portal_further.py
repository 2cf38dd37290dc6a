"""A customer who is not satisfied takes a request further, by the link in their mail or signed in."""

import pytest
from django.http import HttpResponse
from django.test import Client
from portal_cast import hidden_fields, link

from harness.cast import LONG_AGO, Cast, at
from upheld.desks.actions import publish_policy
from upheld.people.models import Contact
from upheld.policy import pack
from upheld.tickets.actions import set_status
from upheld.tickets.complaints import path_of
from upheld.tickets.models import Reading, Ticket


@pytest.fixture
def ticket(cast: Cast, noon: object, head: Contact) -> Ticket:
    publish_policy(cast.desk, pack("success-plans"), now=LONG_AGO, by="tests")
    return cast.writes("2026-03-16 08:00", cc=(head,))


def taken(ticket: Ticket) -> list[str]:
    return [each.role for each in path_of(ticket) if each.taken_at]


def complain(browser: Client, ticket: Ticket, words: str) -> HttpResponse:
    """Open the page and send its form with these words."""
    address = f"{link(ticket)}further/"
    return browser.post(address, hidden_fields(browser.get(address).content.decode()) | {"words": words})


def test_the_path_is_on_the_page_and_leads_to_the_next_level(stranger: Client, ticket: Ticket) -> None:
    address = link(ticket)
    assert f'href="{address}further/"' in stranger.get(address).content.decode()
    page = stranger.get(f"{address}further/").content.decode()
    assert "Turn to: Customer Success Manager" in page
    done = complain(stranger, ticket, "Nobody answers.")
    assert (done.status_code, done["Location"]) == (302, f"{address}#further")
    assert taken(ticket) == ["customer_success_manager"]
    page = stranger.get(address).content.decode()
    assert "Nobody answers." in page
    assert "has your request" in page


def test_looking_takes_nothing_further(stranger: Client, ticket: Ticket) -> None:
    stranger.get(f"{link(ticket)}further/")
    assert taken(ticket) == []


def test_without_words_nothing_is_taken_and_the_page_says_so(stranger: Client, ticket: Ticket) -> None:
    answer = complain(stranger, ticket, " ")
    assert answer.status_code == 422
    assert "Say in a few words" in answer.content.decode()
    assert taken(ticket) == []


def test_what_was_typed_stays_where_it_is_too_late(stranger: Client, ticket: Ticket, cast: Cast) -> None:
    old = cast.writes("2025-12-01 08:00")
    set_status(old.pk, cast.bob, "closed", at("2025-12-01 09:00"))
    answer = complain(stranger, old, "Still wrong.")
    assert answer.status_code == 422
    assert "Submit a new one" in answer.content.decode()
    assert "Still wrong." in answer.content.decode()
    assert taken(old) == []


def test_a_policy_without_a_path_has_no_such_page(stranger: Client, cast: Cast, noon: object) -> None:
    ticket = cast.writes("2026-03-16 08:00")
    address = link(ticket)
    assert "further" not in stranger.get(address).content.decode()
    assert stranger.get(f"{address}further/").status_code == 404


@pytest.mark.parametrize("page", ["", "further/", "urgent/"])
def test_each_page_about_a_restricted_request_writes_the_look_down(
    stranger: Client, cast: Cast, ticket: Ticket, page: str
) -> None:
    restricted = cast.writes("2026-03-16 08:00", restricted=True)
    assert stranger.get(f"{link(restricted)}{page}").status_code == 200
    seen = Reading.objects.get(ticket=restricted)
    assert (seen.contact, seen.what) == (cast.amina, "customer page by link")
