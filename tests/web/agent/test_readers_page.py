"""Who can read a ticket, and why; and who has."""

import re

import pytest
from cast_of_pages import HTMX, page
from django.test import Client

from harness.cast import Cast
from upheld.people.models import Affiliation, Organization
from upheld.tickets.incoming import NewFile
from upheld.tickets.keys import link_token
from upheld.tickets.models import Reading, Ticket

RECEIVED = "2026-03-20 16:00"


@pytest.fixture
def lena(cast: Cast, signed_in) -> Client:
    """Lena's browser; she is the only named reader."""
    cast.reads_what_is_restricted(cast.lena)
    return signed_in(cast.lena)


@pytest.fixture
def urgent(lena: Client, cast: Cast) -> Ticket:
    files = (NewFile("a.txt", "text/plain", b"a"),)
    return cast.writes(RECEIVED, priority="urgent", html="<p>x</p>", files=files)


def test_on_an_ordinary_ticket_it_is_everybody_on_the_desk_and_who_follows(cast: Cast, bob: Client) -> None:
    school = Organization.objects.create(desk=cast.desk, name="Ashdown Primary")
    Affiliation.objects.create(contact=cast.amina, organization=school, sees_all=True)
    ticket = cast.writes(RECEIVED, organization=school)
    assert f"/tickets/{ticket.number}/readers/" in page(bob.get(f"/tickets/{ticket.number}/"))
    text = page(bob.get(f"/tickets/{ticket.number}/readers/"))
    assert "Everybody on this desk: 3 agents" in text
    assert text.count("amina@school.example.org") == 1


def test_restricting_takes_it_out_of_ones_own_sight_and_says_so_before(
    lena: Client, cast: Cast, bob: Client
) -> None:
    ticket = cast.writes(RECEIVED)
    place = f"/tickets/{ticket.number}/readers/"
    assert "You are not one of them" in page(bob.get(place))
    assert bob.post(f"{place}restrict/", {"reason": " "}).status_code == 422
    answer = bob.post(f"{place}restrict/", {"reason": "A child's name"})
    assert (answer.status_code, answer["Location"]) == (302, "/tickets/")
    assert bob.get(place).status_code == 404
    assert "A child&#x27;s name" in page(lena.get(f"/tickets/{ticket.number}/"))


@pytest.mark.parametrize("options", [{}, HTMX])
def test_a_priority_that_restricts_leads_back_to_the_queue(
    lena: Client, cast: Cast, bob: Client, options: dict[str, str]
) -> None:
    ticket = cast.writes(RECEIVED)
    answer = bob.post(f"/tickets/{ticket.number}/priority/", {"priority": "urgent"}, **options)
    assert "/tickets/" in (answer.headers.get("HX-Redirect"), answer.headers.get("Location"))
    assert "The ticket is restricted now" in page(bob.get("/tickets/"))


def test_readers_are_added_taken_out_and_the_restriction_is_lifted(
    lena: Client, cast: Cast, bob: Client, urgent: Ticket
) -> None:
    place = f"/tickets/{urgent.number}/readers/"
    assert "Take out" not in page(lena.get(place))
    lena.post(f"{place}add/", {"agent": cast.bob.pk})
    assert "added by" in page(bob.get(place))
    lena.post(f"{place}{cast.bob.pk}/take-out/")
    assert bob.get(place).status_code == 404
    refused = lena.post(f"{place}{cast.lena.pk}/take-out/")
    assert refused.status_code == 422
    assert "Add another reader first" in refused.content.decode()
    lena.post(f"{place}lift/", {"reason": "A false alarm"})
    assert "A false alarm" in page(bob.get(f"/tickets/{urgent.number}/"))


def test_only_readers_can_be_made_responsible(lena: Client, cast: Cast, urgent: Ticket) -> None:
    text = page(lena.get(f"/tickets/{urgent.number}/"))
    offered = re.search(r'<select id="side-assignee".*?</select>', text, re.DOTALL)[0]
    assert "Lena Novak" in offered
    assert "Bob Tanaka" not in offered


def test_each_look_is_written_down(
    lena: Client, cast: Cast, bob: Client, urgent: Ticket, client: Client
) -> None:
    message = urgent.messages.get()
    file = message.attachments.get()
    token = link_token(urgent.participants.get())
    for address in (
        f"/tickets/{urgent.number}/",
        f"/attachments/{file.pk}/a.txt",
        f"/messages/{message.pk}/html",
    ):
        assert bob.get(address).status_code == 404
        assert lena.get(address).status_code == 200
    assert client.get(f"/r/{token}/").status_code == 200
    assert client.get(f"/r/{token}/files/{file.pk}/a.txt").status_code == 200
    rows = Reading.objects.filter(ticket=urgent).order_by("pk").values_list("agent", "contact", "what")
    assert list(rows) == [
        (cast.lena.pk, None, "page"),
        (cast.lena.pk, None, "file"),
        (cast.lena.pk, None, "formatted message"),
        (None, cast.amina.pk, "customer page by link"),
        (None, cast.amina.pk, "file by link"),
    ]
    text = page(lena.get(f"/tickets/{urgent.number}/readers/"))
    assert "their request&#x27;s page, by its link" in text
    assert "a message with its formatting" in text


def test_of_an_ordinary_ticket_nobody_keeps_who_read_it(cast: Cast, bob: Client) -> None:
    bob.get(f"/tickets/{cast.writes(RECEIVED).number}/")
    assert not Reading.objects.exists()
