"""Merging on the pages of agents: what is said before, what is shown afterwards, and how it is taken back."""

from collections.abc import Callable

import pytest
from cast_of_pages import page
from django.test import Client

from harness.cast import LONG_AGO, Cast, at
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Agent, Contact, Organization
from upheld.tickets.actions import SplitPart, merge_tickets, reply, split_ticket
from upheld.tickets.incoming import Incoming
from upheld.tickets.models import Merge, Message, Ticket

THURSDAY = "2026-03-19 09:00"


@pytest.fixture
def kofi(cast: Cast) -> Contact:
    return find_or_add_contact("kofi@school.example.org", "Kofi", LONG_AGO)


@pytest.fixture
def first(cast: Cast) -> Ticket:
    return cast.writes(THURSDAY)


@pytest.fixture
def second(cast: Cast, kofi: Contact) -> Ticket:
    return cast.writes("2026-03-19 10:00", "The lab laptop is dead", contact=kofi, text="Nothing happens.")


@pytest.fixture
def merged(cast: Cast, first: Ticket, second: Ticket) -> Merge:
    return merge_tickets(second.pk, first.number, cast.bob, at("2026-03-20 10:00"))


def path(ticket: Ticket, deed: str = "") -> str:
    return f"/tickets/{ticket.number}/{deed}"


def test_the_preview_says_what_becomes_of_clocks_and_people_and_changes_nothing(
    bob: Client, cast: Cast, first: Ticket, second: Ticket
) -> None:
    reply(first.pk, cast.bob, "We look.", at("2026-03-19 11:00"))
    shown = page(bob.get(path(second, f"merge/?into={first.number.lower()}")))
    assert f"passes to {first.number}, still due" in shown
    assert "Kofi</bdi> takes part in" in shown
    assert f"Kofi is told by mail that {second.number} goes on as {first.number}." in shown
    assert not Merge.objects.exists()


def test_what_cannot_be_merged_is_said_and_what_was_typed_stays(bob: Client, first: Ticket) -> None:
    for typed, why in (("SDS-9", "There is no ticket"), (first.number, "this very ticket")):
        refused = bob.get(path(first, f"merge/?into={typed}"))
        assert refused.status_code == 422
        assert why in refused.content.decode() and f'value="{typed}"' in refused.content.decode()


def test_merging_leads_to_the_survivor_with_both_conversations(
    bob: Client, first: Ticket, second: Ticket
) -> None:
    done = bob.post(path(second, "merge/"), {"into": first.number})
    assert done["Location"] == path(first)
    shown = page(bob.get(path(first)))
    assert "Nothing happens." in shown and f"from {second.number}" in shown
    assert f"Take {second.number} out again" in shown
    assert f"merged {second.number} into this one" in shown


def test_the_merged_one_says_where_it_goes_on_and_takes_nothing(
    bob: Client, merged: Merge, first: Ticket, second: Ticket
) -> None:
    shown = page(bob.get(path(second)))
    assert "This ticket is a part of" in shown and f'href="{path(first)}"' in shown
    assert 'id="composer"' not in shown and 'id="side-status"' not in shown
    refused = bob.post(path(second, "reply/"), {"text": "Hello"})
    assert refused.status_code == 422
    assert f"a part of {first.number} now. Go on there." in refused.content.decode()


@pytest.mark.parametrize("whose", ["first", "second"])
def test_it_is_taken_back_from_either_page(
    bob: Client, merged: Merge, first: Ticket, second: Ticket, whose: str
) -> None:
    shown = page(bob.get(path({"first": first, "second": second}[whose])))
    assert f'action="{path(second, "unmerge/")}"' in shown
    assert bob.post(path(second, "unmerge/"))["Location"] == path(second)
    second.refresh_from_db()
    assert second.merged_into is None
    again = bob.post(path(second, "unmerge/"))
    assert again.status_code == 422 and "not part of another" in again.content.decode()


def test_the_old_number_leads_to_the_survivor(
    bob: Client, merged: Merge, first: Ticket, second: Ticket
) -> None:
    led = bob.get("/tickets/", {"q": second.number}, follow=True)
    assert led.redirect_chain[-1][0] == path(first)
    assert f"{second.number} was merged into {first.number}" in led.content.decode()


def test_open_tickets_of_the_same_requester_are_offered(bob: Client, cast: Cast, first: Ticket) -> None:
    again = cast.writes("2026-03-19 12:00", "Still black")
    assert f"{path(again, 'merge/')}?into={first.number}" in page(bob.get(path(again)))


def test_what_was_split_off_is_put_back_from_either_page(bob: Client, cast: Cast, first: Ticket) -> None:
    (part,) = split_ticket(first.pk, cast.bob, [SplitPart("The printer")], at("2026-03-20 10:00"))
    way = f"{path(part, 'merge/')}?into={first.number}"
    for each in (first, part):
        assert way in page(bob.get(path(each)))
    bob.post(path(part, "merge/"), {"into": first.number})
    assert page(bob.get(path(first))).count("It shows a black screen.") == 1


def test_organizations_are_crossed_by_leads_with_a_tick(
    bob: Client, signed_in: Callable[[Agent], Client], cast: Cast, first: Ticket, second: Ticket
) -> None:
    organization = Organization.objects.create(desk=cast.desk, name="Hilltop School")
    Ticket.objects.filter(pk=first.pk).update(organization=organization)
    refused = bob.get(path(second, f"merge/?into={first.number}"))
    assert "A team lead can merge them" in refused.content.decode()
    lena = signed_in(cast.lena)
    assert "This is meant." in page(lena.get(path(second, f"merge/?into={first.number}")))
    assert lena.post(path(second, "merge/"), {"into": first.number}).status_code == 422
    lena.post(path(second, "merge/"), {"into": first.number, "across": "yes"})
    assert Merge.objects.exists()


def test_what_is_held_on_a_part_is_released_there(
    bob: Client, cast: Cast, kofi: Contact, first: Ticket, second: Ticket
) -> None:
    from upheld.tickets.actions import receive_message

    held = Incoming(
        kind=Message.Kind.THIRD_PARTY,
        contact=cast.amina,
        text="Said by somebody else.",
        received_at=at("2026-03-19 12:00").at,
        channel="email",
        held_because="nobody knows them",
    )
    message = receive_message(second.pk, held, at("2026-03-19 12:00"))
    merge_tickets(second.pk, first.number, cast.bob, at("2026-03-20 10:00"))
    way = path(second, f"messages/{message.pk}/release/")
    assert f'action="{way}"' in page(bob.get(path(first)))
    assert bob.post(way).status_code == 302
    assert Message.objects.get(pk=message.pk).released


def test_another_desk_knows_of_none_of_it(
    stranger: Client, merged: Merge, first: Ticket, second: Ticket
) -> None:
    assert stranger.get(path(second, f"merge/?into={first.number}")).status_code == 404
    assert stranger.post(path(second, "unmerge/")).status_code == 404
    assert Merge.objects.get().undone_at is None
