"""Administering the portals of a desk in the browser: who may, what is kept, and how a look is tried."""

import re

import pytest
from cast_of_pages import HOSTILE, HTMX, NOW, page
from django.test import Client

from harness.cast import Cast
from upheld.desks.actions import add_portal, publish_policy
from upheld.desks.models import AuditEntry, Portal
from upheld.desks.portals import PortalValues
from upheld.people.models import Agent, NamedReader
from upheld.policy import pack

LIST = "/desk/portals/school-devices/"


@pytest.fixture
def ada(cast: Cast, signed_in) -> Client:
    """Ada's browser; she administers the desk."""
    return signed_in(cast.ada)


@pytest.fixture
def repairs(cast: Cast) -> Portal:
    return add_portal(cast.desk, "repairs", PortalValues(name="Repairs"), by="tests", now=NOW)


def settings(portal: Portal) -> str:
    return f"{LIST}{portal.pk}/"


def filled(**changes: object) -> dict[str, object]:
    return {
        "name": "Repairs",
        "slug": "repairs",
        "is_listed": "on",
        "corners": "soft",
        "scale": "usual",
    } | changes


def test_only_administrators_of_the_desk_find_the_pages(
    cast: Cast, charlie: Agent, repairs: Portal, signed_in
) -> None:
    addresses = (
        "/desk/portals/",
        LIST,
        f"{LIST}new/",
        settings(repairs),
        f"{LIST}preview/",
        f"{LIST}look.css",
    )
    for agent in (cast.bob, cast.lena):
        assert {signed_in(agent).get(each).status_code for each in addresses} == {404}
    elsewhere = signed_in(charlie)
    assert {elsewhere.get(each).status_code for each in addresses[1:]} == {404}
    assert elsewhere.post(f"{settings(repairs)}remove/", {"sure": "yes"}).status_code == 404
    assert elsewhere.get(f"/desk/portals/other/{repairs.pk}/").status_code == 404
    assert Client().get(LIST).status_code == 302
    assert Portal.objects.filter(pk=repairs.pk).exists()


def test_a_portal_is_added_and_stands_in_the_list_and_in_the_audit(cast: Cast, ada: Client) -> None:
    assert ada.get("/desk/portals/")["Location"] == LIST
    answer = ada.post(
        f"{LIST}new/", filled(enquiry="Broken laptops", guidance="Try another cable.", accent="#0b5")
    )
    portal = Portal.objects.get(slug="repairs")
    assert answer["Location"] == settings(portal)
    assert portal.look == {"accent": "#00bb55"}
    shown = page(ada.get(LIST))
    assert "Broken laptops" in shown
    assert "/help/repairs/" in shown
    assert "Ada Okafor" in AuditEntry.objects.get(action="portal added").actor
    assert "Try another cable." in page(Client().get("/help/repairs/"))


def test_what_was_typed_stays_when_it_cannot_be_kept(cast: Cast, ada: Client) -> None:
    for changes, said in (
        ({"slug": "school-devices"}, "Another portal has the short name"),
        ({"slug": "Not so short!"}, "small letters, digits"),
        ({"accent": "reddish"}, "hexadecimal digits"),
        ({"corners": "pointed"}, "Select a valid choice"),
        ({"products": ["toaster"]}, "does not know “toaster”"),
        ({"name": " "}, "This field is required"),
    ):
        answer = ada.post(f"{LIST}new/", filled(introduction="Kept words", **changes))
        assert answer.status_code == 422
        shown = answer.content.decode()
        assert said in shown, changes
        assert "Kept words" in shown
    assert Portal.objects.count() == 1


def test_products_are_chosen_from_those_of_the_policy_and_a_lost_one_is_named(
    cast: Cast, ada: Client, repairs: Portal
) -> None:
    publish_policy(cast.desk, pack("maintenance-contract"), now=NOW, by="tests")
    ada.post(settings(repairs), filled(products=["call_tracking"]))
    repairs.refresh_from_db()
    assert repairs.products == ["call_tracking"]
    Portal.objects.filter(pk=repairs.pk).update(products=["call_tracking", "fax"])
    said = "does not know fax. It knows: call_tracking, service_management."
    assert said in page(ada.get(LIST))
    assert said in page(ada.get(settings(repairs)))
    ada.post(settings(repairs), filled(products=["call_tracking"]))
    assert "fax" not in page(ada.get(LIST))


def test_what_restricted_means_is_said_and_who_would_read(cast: Cast, ada: Client, repairs: Portal) -> None:
    assert "3 people are named" in page(ada.get(settings(repairs)))
    NamedReader.objects.all().delete()
    assert "Name somebody first" in page(ada.get(settings(repairs)))
    ada.post(settings(repairs), filled(restricted="on", mailbox=cast.desk.mailboxes.get().pk))
    assert "read by everybody on the desk" in page(ada.get(settings(repairs)))


def test_the_order_changes_with_a_button(cast: Cast, ada: Client, repairs: Portal) -> None:
    shown = page(ada.get(LIST))
    assert shown.index("School Device Support</bdi>") < shown.index("Repairs</bdi>")
    ada.post(f"{settings(repairs)}move/", {"to": "up"})
    shown = page(ada.get(LIST))
    assert shown.index("Repairs</bdi>") < shown.index("School Device Support</bdi>")


def test_removing_is_said_twice_and_the_usual_one_stays(cast: Cast, ada: Client, repairs: Portal) -> None:
    usual = cast.desk.portals.get(is_default=True)
    ada.post(f"{settings(repairs)}remove/")
    assert "you are sure" in page(ada.get(settings(repairs)))
    ada.post(f"{settings(repairs)}remove/", {"sure": "yes"})
    ada.post(f"{settings(usual)}remove/", {"sure": "yes"})
    assert list(cast.desk.portals.all()) == [usual]
    assert "Remove this portal" not in page(ada.get(settings(usual)))


def test_the_usual_portal_is_changed_under_its_own_name(cast: Cast, ada: Client) -> None:
    usual = cast.desk.portals.get()
    assert re.search(r'name="slug" value="school-devices" readonly', page(ada.get(settings(usual))))
    ada.post(settings(usual), filled(slug="school-devices", name="Devices"))
    usual.refresh_from_db()
    assert usual.name == "Devices"
    assert ada.post(settings(usual), filled(slug="elsewhere")).status_code == 422


def test_a_look_is_tried_before_it_is_kept(cast: Cast, ada: Client, repairs: Portal) -> None:
    shown = page(ada.post(settings(repairs), filled(name="Not kept yet", accent="#ffd400", **{"try": "1"})))
    assert "Made darker on light pages" in shown
    assert "Not kept yet" in shown
    styles = re.search(r'rel="stylesheet" href="(/desk/portals/[^"]+)"', shown)
    assert styles
    tokens = page(ada.get(styles[1].replace("&amp;", "&")))
    assert tokens.startswith(".look-preview {")
    assert "--brand: #ffd400;" in tokens
    repairs.refresh_from_db()
    assert (repairs.name, repairs.look) == ("Repairs", {})
    part = page(ada.get(f"{LIST}preview/?accent=%231d4ed8&corners=round&scale=wide", headers={}, **HTMX))
    assert "Made lighter on dark pages" in part
    assert "<html" not in part


def test_no_words_become_style(ada: Client) -> None:
    hostile = "#fff;} body { display: none } /*"
    assert page(ada.get(f"{LIST}look.css", {"accent": hostile})) == ""
    assert "display" not in page(
        ada.get(f"{LIST}look.css", {"accent": "#0b5", "corners": "0;} body { display"})
    )
    assert "hexadecimal" in page(ada.get(f"{LIST}preview/", {"accent": hostile}))


def test_hostile_words_stay_words(cast: Cast, ada: Client) -> None:
    texts = dict.fromkeys(("name", "enquiry", "introduction", "guidance"), HOSTILE)
    ada.post(f"{LIST}new/", filled(**texts))
    portal = Portal.objects.get(slug="repairs")
    addresses = (
        LIST,
        settings(portal),
        "/help/",
        "/help/repairs/",
        "/help/repairs/contact/",
        "/help/school-devices/",
    )
    for address in addresses:
        shown = page(ada.get(address))
        assert "<script>alert" not in shown, address
        assert "<img" not in shown, address
