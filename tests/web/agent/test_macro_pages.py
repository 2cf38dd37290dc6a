"""Macros in the pages: made, looked at on a ticket, and run."""

import pytest
from cast_of_pages import HOSTILE, page
from django.test import Client

from harness.cast import Cast
from upheld.tickets.models import Macro, Message, Tagged, Ticket

WAITING = "waiting_on_customer"


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.writes("2026-03-20 14:00")


@pytest.fixture
def lena(cast: Cast, signed_in) -> Client:
    return signed_in(cast.lena)


def made(client: Client, cast: Cast, **fields: str) -> Macro:
    answer = client.post(f"/desk/{cast.desk.slug}/macros/new/", {"name": "Part ordered"} | fields)
    assert answer.status_code == 302, answer.content.decode()
    return Macro.objects.get()


def test_an_agent_makes_one_and_changes_it(bob: Client, cast: Cast) -> None:
    macro = made(bob, cast, tag="battery, part", reply="Ordered.", assign="me", status=WAITING)
    assert [each["do"] for each in macro.steps] == ["tag", "assign", "status", "reply"]
    shown = page(bob.get(f"/desk/{cast.desk.slug}/macros/"))
    assert "tag it battery, part" in shown
    address = f"/desk/{cast.desk.slug}/macros/{macro.pk}/"
    form = page(bob.get(address))
    assert 'value="battery, part"' in form
    assert bob.post(address, {"name": "Part is here", "note": "In the shelf."}).status_code == 302
    macro.refresh_from_db()
    assert (macro.name, macro.steps) == ("Part is here", [{"do": "note", "to": "In the shelf."}])
    assert bob.post(f"{address}remove/").status_code == 302
    assert not Macro.objects.exists()


def test_what_was_typed_stays_where_it_is_refused(bob: Client, cast: Cast) -> None:
    address = f"/desk/{cast.desk.slug}/macros/new/"
    refused = bob.post(address, {"name": "Greet", "reply": f"Dear {{{{nobody}}}} {HOSTILE}"})
    said = refused.content.decode()
    assert refused.status_code == 422
    assert "There is no placeholder {{nobody}}" in said
    assert "Dear {{nobody}}" in said
    assert HOSTILE not in said
    assert not Macro.objects.exists()


def test_the_desks_are_for_leads_to_change(bob: Client, lena: Client, cast: Cast) -> None:
    macro = made(lena, cast, tag="battery", shared="yes")
    address = f"/desk/{cast.desk.slug}/macros/{macro.pk}/"
    assert bob.post(address, {"name": "Mine now", "tag": "x", "shared": "yes"}).status_code == 403
    assert bob.post(f"{address}remove/").status_code == 403
    assert Macro.objects.get().name == "Part ordered"


def test_somebody_elses_own_one_is_not_there(bob: Client, lena: Client, cast: Cast, ticket: Ticket) -> None:
    macro = made(bob, cast, tag="battery")
    assert lena.get(f"/desk/{cast.desk.slug}/macros/{macro.pk}/").status_code == 404
    run = lena.post(f"/tickets/{ticket.number}/macro/run/", {"macro": str(macro.pk)})
    assert run.status_code == 302
    assert not Tagged.objects.exists()


def test_on_a_ticket_it_says_first_what_it_would_do(bob: Client, cast: Cast, ticket: Ticket) -> None:
    macro = made(bob, cast, tag="battery", reply="It is {{ticket.number}}.", status=WAITING)
    assert "Part ordered" in page(bob.get(f"/tickets/{ticket.number}/"))
    shown = page(bob.post(f"/tickets/{ticket.number}/macro/", {"macro": str(macro.pk)}))
    assert "tag it battery" in shown
    assert f"It is {ticket.number}." in shown
    assert "Your reply tells them so" in shown
    assert not Tagged.objects.exists(), "nothing has happened by looking"
    sent = {
        "macro": str(macro.pk),
        "changed": macro.changed_at.isoformat(),
        "reply": "Changed for this ticket.",
    }
    assert bob.post(f"/tickets/{ticket.number}/macro/run/", sent).status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == WAITING
    assert Message.objects.get(ticket=ticket, kind="reply").text == "Changed for this ticket."
    assert "ran the macro “Part ordered”" in page(bob.get(f"/tickets/{ticket.number}/"))


def test_one_that_was_changed_meanwhile_is_looked_at_once_more(
    bob: Client, cast: Cast, ticket: Ticket
) -> None:
    macro = made(bob, cast, tag="battery")
    seen = macro.changed_at.isoformat()
    bob.post(f"/desk/{cast.desk.slug}/macros/{macro.pk}/", {"name": "Part ordered", "tag": "other"})
    Macro.objects.update(changed_at="2026-03-20T00:00Z")
    answer = bob.post(f"/tickets/{ticket.number}/macro/run/", {"macro": str(macro.pk), "changed": seen})
    assert answer.status_code == 422
    assert "changed meanwhile" in answer.content.decode()
    assert not Tagged.objects.exists()
