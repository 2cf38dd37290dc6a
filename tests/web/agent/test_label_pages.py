"""Tags and the desk's own fields in the pages."""

import pytest
from cast_of_pages import HOSTILE, HTMX, page
from django.test import Client

from harness.cast import Cast, at
from upheld.tickets.actions import add_own_field, tag_ticket
from upheld.tickets.models import CustomField, CustomValue, Tag, Tagged, Ticket

NOW = at("2026-03-20 15:00")


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.writes("2026-03-20 14:00")


@pytest.fixture
def lena(cast: Cast, signed_in) -> Client:
    return signed_in(cast.lena)


def path(ticket: Ticket, deed: str = "") -> str:
    return f"/tickets/{ticket.number}/{deed}"


def test_an_agent_tags_a_ticket_and_takes_a_tag_off(bob: Client, ticket: Ticket) -> None:
    assert bob.post(path(ticket, "tags/"), {"tags": f"battery, {HOSTILE[:30]}"}).status_code == 302
    shown = page(bob.get(path(ticket)))
    assert "Take off battery" in shown and "<script>alert(1)" not in shown
    assert "tagged it battery" in shown
    answer = bob.post(path(ticket, "tags/off/"), {"tag": "battery"}, **HTMX).content.decode()
    assert "Taken off: battery" in answer and "Take off battery" not in answer
    refused = bob.post(path(ticket, "tags/"), {"tags": "x" * 50})
    assert refused.status_code == 422 and "x" * 50 in refused.content.decode()
    known = page(bob.get(path(ticket, "tags/known/")))
    assert 'value="battery"' in known


def test_fields_keep_what_was_typed_when_one_is_refused(cast: Cast, bob: Client, ticket: Ticket) -> None:
    for label, kind in (("Room", "text"), ("Seats", "number"), ("Loaner", "yes"), ("Back by", "date")):
        add_own_field(cast.desk.pk, cast.lena, label, kind, NOW)
    typed = {"own-room": "12", "own-seats": "many", "own-loaner": "yes", "own-back-by": "2026-04-01"}
    refused = bob.post(path(ticket, "own-fields/"), typed)
    said = refused.content.decode()
    assert refused.status_code == 422 and "is a number" in said
    assert 'value="many"' in said and 'value="12"' in said and '<option value="yes" selected>' in said
    assert not CustomValue.objects.exists(), "all or nothing"
    assert bob.post(path(ticket, "own-fields/"), typed | {"own-seats": "30"}).status_code == 302
    shown = page(bob.get(path(ticket)))
    assert "1 Apr 2026" in shown and "set Seats to 30" in shown
    bob.post(path(ticket, "own-fields/"), {"own-seats": ""})
    assert CustomValue.objects.count() == 3, "what the form did not have stays"


def test_customers_see_none_of_it(cast: Cast, ticket: Ticket) -> None:
    from upheld.tickets.keys import link_token

    field = add_own_field(cast.desk.pk, cast.lena, "Verdict of ours", "text", NOW)
    CustomValue.objects.create(ticket=ticket, field=field, value="difficult person")
    tag_ticket(ticket.pk, cast.bob, ["troublemaker"], NOW)
    token = link_token(ticket.participants.get())
    shown = page(Client().get(f"/r/{token}/", follow=True))
    assert "Laptop will not start" in shown
    for word in ("Verdict of ours", "difficult person", "troublemaker", "tagged"):
        assert word not in shown


def test_a_lead_keeps_tags_and_fields(cast: Cast, bob: Client, lena: Client, ticket: Ticket) -> None:
    tag_ticket(ticket.pk, cast.bob, ["battery", "typo"], NOW)
    assert bob.get("/desk/labels/").status_code == 404
    assert lena.get("/desk/labels/").url == "/desk/labels/school-devices/"
    home = "/desk/labels/school-devices/"
    refused = lena.post(home + "fields/", {"label": "Building", "kind": "choice", "choices": " "})
    assert refused.status_code == 422 and 'value="Building"' in refused.content.decode()
    assert lena.post(
        home + "fields/", {"label": "Building", "kind": "choice", "choices": "North\r\nSouth"}
    ).url
    field = CustomField.objects.get()
    assert field.choices == ["North", "South"]
    shown = page(lena.get(home))
    assert "Building" in shown and "North · South" in shown and "Delete it, and take it off 1 ticket" in shown
    typo, battery = Tag.objects.get(name="typo"), Tag.objects.get(name="battery")
    assert lena.post(f"{home}tags/{typo.pk}/rename/", {"name": "battery"}).status_code == 422
    assert lena.post(f"{home}tags/{typo.pk}/merge/", {"into": battery.pk}).status_code == 302
    assert lena.post(f"{home}tags/{battery.pk}/rename/", {"name": "Batteries"}).status_code == 302
    assert [each.tag.name for each in Tagged.objects.select_related("tag").order_by("pk")] == ["Batteries"]
    assert lena.post(f"{home}fields/{field.pk}/retire/").status_code == 302
    assert "Out of use" in page(lena.get(home))
    assert lena.post(f"{home}fields/{field.pk}/bring-back/").status_code == 302
    assert bob.post(f"{home}tags/{battery.pk}/delete/").status_code == 404
    assert lena.post(f"{home}tags/{battery.pk}/delete/").status_code == 302
    assert lena.post(f"{home}tags/{battery.pk}/delete/").status_code == 404
