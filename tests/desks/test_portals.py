"""The portals of a desk: a front door for each kind of enquiry, one of them the usual one."""

import pytest

from harness.cast import Cast, utc
from upheld.desks.actions import (
    PortalRefused,
    add_portal,
    change_portal,
    move_portal,
    publish_policy,
    remove_portal,
)
from upheld.desks.models import AuditEntry, Portal
from upheld.desks.portals import PortalValues
from upheld.people.models import Agent
from upheld.policy import pack

NOW = utc("2026-03-16 12:00")
BY = {"by": "Ada Okafor <ada@desk.example.com>", "now": NOW}


def refused(what: str, do: object, *args: object, **more: object) -> str:
    """Do what must be refused, and return what was said."""
    with pytest.raises(PortalRefused) as problem:
        do(*args, **more, **BY)  # type: ignore[operator]
    assert problem.value.field == what
    return str(problem.value)


def order(cast: Cast) -> list[str]:
    return list(cast.desk.portals.order_by("position").values_list("slug", flat=True))


def test_every_desk_begins_with_one_under_its_own_name(cast: Cast) -> None:
    portal = cast.desk.portals.get()
    assert (portal.slug, portal.name, portal.is_default) == (cast.desk.slug, cast.desk.name, True)
    assert portal.mailbox == cast.desk.mailboxes.get()


def test_another_is_added_last_and_the_audit_says_by_whom(cast: Cast) -> None:
    portal = add_portal(cast.desk, " Repairs ", PortalValues(name="  Repairs\n desk "), **BY)
    assert (portal.slug, portal.name, portal.is_default) == ("repairs", "Repairs desk", False)
    assert order(cast) == ["school-devices", "repairs"]
    entry = AuditEntry.objects.get(action="portal added")
    assert (entry.actor, entry.subject, entry.desk) == (BY["by"], "Repairs desk", cast.desk)


def test_a_short_name_leads_to_one_portal_whatever_the_desk(cast: Cast, charlie: Agent) -> None:
    values = PortalValues(name="Repairs")
    add_portal(cast.desk, "repairs", values, **BY)
    assert "“repairs”" in refused("slug", add_portal, cast.desk, "repairs", values)
    refused("slug", add_portal, cast.desk, "other", values)
    for odd in ("", "-", "a b", "ä", "a--b", "x" * 41, "../x"):
        refused("slug", add_portal, cast.desk, odd, values)
    assert Portal.objects.filter(desk=cast.desk).count() == 2


def test_a_product_that_the_policy_does_not_know_is_named_with_those_that_it_knows(cast: Cast) -> None:
    said = refused("products", add_portal, cast.desk, "a", PortalValues(name="A", products=["toaster"]))
    assert "toaster" in said
    assert "It names none." in said
    publish_policy(cast.desk, pack("maintenance-contract"), now=NOW, by="tests")
    said = refused("products", add_portal, cast.desk, "a", PortalValues(name="A", products=["toaster"]))
    assert "It knows: call_tracking, service_management." in said


def test_products_stand_in_the_order_of_the_policy(cast: Cast) -> None:
    publish_policy(cast.desk, pack("maintenance-contract"), now=NOW, by="tests")
    values = PortalValues(name="A", products=["service_management", "call_tracking"])
    assert add_portal(cast.desk, "a", values, **BY).products == ["call_tracking", "service_management"]


def test_a_mailbox_of_another_desk_is_none_of_ours(cast: Cast, charlie: Agent) -> None:
    theirs = charlie.memberships.get().desk.mailboxes.get()
    refused("mailbox", add_portal, cast.desk, "a", PortalValues(name="A", mailbox=theirs))


def test_a_look_is_a_few_values_and_no_style(cast: Cast) -> None:
    refused("look", add_portal, cast.desk, "a", PortalValues(name="A", look={"accent": "red;}"}))
    portal = add_portal(cast.desk, "a", PortalValues(name="A", look={"accent": "#0B5"}), **BY)
    assert portal.look == {"accent": "#00bb55"}


def test_a_change_is_told_and_the_same_again_is_none(cast: Cast) -> None:
    portal = add_portal(cast.desk, "repairs", PortalValues(name="Repairs"), **BY)
    wanted = PortalValues(name="Repairs", guidance="Try another\r\ncable.", restricted=True)
    for _again in range(2):
        portal = change_portal(portal.pk, "mending", wanted, **BY)
    assert (portal.slug, portal.guidance, portal.restricted) == ("mending", "Try another\ncable.", True)
    entry = AuditEntry.objects.get(action="portal changed")
    assert entry.data["changed"] == {
        "guidance": "changed",
        "restricted": [False, True],
        "slug": ["repairs", "mending"],
    }


def test_the_usual_portal_keeps_its_address_and_stays(cast: Cast) -> None:
    usual = cast.desk.portals.get()
    refused("slug", change_portal, usual.pk, "elsewhere", PortalValues(name="X"))
    refused("slug", remove_portal, usual.pk)
    assert change_portal(usual.pk, usual.slug, PortalValues(name="X"), **BY).name == "X"


def test_removing_a_portal_leaves_what_came_in_by_it(cast: Cast) -> None:
    portal = add_portal(cast.desk, "repairs", PortalValues(name="Repairs"), **BY)
    ticket = cast.writes("2026-03-16 08:00", portal=portal)
    remove_portal(portal.pk, **BY)
    ticket.refresh_from_db()
    assert ticket.portal is None
    assert AuditEntry.objects.get(action="portal removed").data == {"slug": "repairs"}


def test_customers_are_offered_portals_in_the_order_that_was_chosen(cast: Cast) -> None:
    first, second = (add_portal(cast.desk, slug, PortalValues(name=slug), **BY) for slug in ("a", "b"))
    move_portal(second.pk, up=True, **BY)
    assert order(cast) == ["school-devices", "b", "a"]
    move_portal(first.pk, up=False, **BY)
    assert order(cast) == ["school-devices", "b", "a"]
    assert AuditEntry.objects.filter(action="portals put in order").count() == 1
