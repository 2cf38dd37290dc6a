"""Several portals on one desk: each for a kind of enquiry, with words and a look of its own."""

import re

import pytest
from django.test import Client
from portal_cast import link

from harness.cast import LONG_AGO, Cast, utc
from upheld.desks.actions import add_mailbox, add_portal, create_desk
from upheld.desks.models import Mailbox, Portal
from upheld.desks.portals import PortalValues

NOW = utc("2026-03-16 12:00")
AS_EVER = "public, max-age=31536000, immutable"


def opened(cast: Cast, slug: str, **values: object) -> Portal:
    return add_portal(cast.desk, slug, PortalValues(name=slug.title(), **values), by="tests", now=NOW)  # type: ignore[arg-type]


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_several_portals_are_a_choice_by_what_they_are_for(stranger: Client, cast: Cast, noon) -> None:
    opened(cast, "repairs", enquiry="Broken laptops and tablets")
    page = shown(stranger, "/help/")
    assert page.index("/help/school-devices/") < page.index("/help/repairs/")
    assert "Broken laptops and tablets" in page
    # From one to the other, for who came in by the wrong door.
    assert "/help/repairs/" in shown(stranger, "/help/school-devices/")
    assert "/help/school-devices/" in shown(stranger, "/help/repairs/")


def test_desks_with_several_portals_are_told_apart(stranger: Client, cast: Cast, noon) -> None:
    opened(cast, "repairs")
    create_desk(
        slug="lab",
        name="The Lab",
        prefix="LAB",
        zone="UTC",
        address="lab@desk.example.com",
        by="t",
        now=LONG_AGO,
    )
    page = shown(stranger, "/help/")
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    assert headings == ["School Device Support"]
    assert "/help/lab/" in page


def test_a_portal_that_is_not_offered_opens_by_its_address(stranger: Client, cast: Cast, noon) -> None:
    opened(cast, "quiet", is_listed=False)
    assert stranger.get("/help/")["Location"] == "/help/school-devices/"
    assert "/help/quiet/" not in shown(stranger, "/help/school-devices/")
    assert "Quiet" in shown(stranger, "/help/quiet/")
    assert stranger.get("/help/nothing/").status_code == 404


def test_every_page_of_a_portal_has_its_name_and_leads_on_within_it(
    stranger: Client, cast: Cast, noon
) -> None:
    opened(cast, "repairs", introduction="We mend it.", guidance="Have its number at hand.\n\nTry a cable.")
    start = shown(stranger, "/help/repairs/")
    assert "We mend it." in start
    assert "<p>Have its number at hand.</p>" in start
    for page in ("", "follow/", "contact/", "policy/"):
        words = shown(stranger, f"/help/repairs/{page}")
        assert '<bdi class="desk-name">Repairs</bdi>' in words, page
        assert "/help/school-devices/" not in words.split('id="others"')[0], page
    assert 'href="/help/repairs/requests/new/"' in start


def test_the_usual_portal_says_what_the_desk_says_where_it_has_no_words_of_its_own(
    stranger: Client, cast: Cast, noon
) -> None:
    cast.desk.introduction = "Help with laptops."
    cast.desk.save()
    opened(cast, "repairs")
    assert "Help with laptops." in shown(stranger, "/help/school-devices/")
    assert "Help with laptops." not in shown(stranger, "/help/repairs/").split('id="others"')[0]


def test_each_portal_names_its_own_mailbox_and_a_restricted_one_no_other(
    stranger: Client, cast: Cast, noon
) -> None:
    mailbox = add_mailbox(cast.desk, "repairs@desk.example.com", by="tests", now=NOW)
    opened(cast, "repairs", mailbox=mailbox)
    opened(cast, "worries", restricted=True)
    Mailbox.objects.create(desk=cast.desk, address="a-worries@desk.example.com", restricted=True)
    assert "mailto:repairs@desk.example.com" in shown(stranger, "/help/repairs/")
    assert "mailto:support@desk.example.com" in shown(stranger, "/help/school-devices/")
    worries = shown(stranger, "/help/worries/")
    assert "read by a few people who are named for it" in worries
    assert "mailto:" not in worries


def test_what_is_not_done_here_is_listed_with_where_to_turn(stranger: Client, cast: Cast, noon) -> None:
    page = shown(stranger, "/help/school-devices/")
    assert "Support by phone" in page.split('id="not-here"')[1]
    assert "if we need to talk, we ring you" in page.split('id="not-here"')[1]


def test_a_look_is_a_stylesheet_of_our_own_that_browsers_may_keep(stranger: Client, cast: Cast, noon) -> None:
    opened(cast, "repairs", look={"accent": "#ffd400", "corners": "round"})
    assert "look-" not in shown(stranger, "/help/school-devices/")
    address = re.search(r'href="(/help/repairs/look-\w+\.css)"', shown(stranger, "/help/repairs/"))
    assert address
    answer = stranger.get(address[1])
    assert answer["Cache-Control"] == AS_EVER
    assert answer["Content-Type"].startswith("text/css")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "--brand: #ffd400;" in answer.content.decode()
    assert "--radius: 0.75rem;" in answer.content.decode()
    assert "sessionid" not in answer.cookies
    # An address of an earlier look is answered, and never kept.
    Portal.objects.filter(slug="repairs").update(look={"accent": "#1d4ed8"})
    late = stranger.get(address[1])
    assert late["Cache-Control"] == "no-store"
    assert "--brand: #1d4ed8;" in late.content.decode()


def test_a_look_that_no_portal_can_have_any_more_harms_nothing(stranger: Client, cast: Cast, noon) -> None:
    cast.desk.portals.update(look={"accent": "red;}", "corners": 7})
    assert "look-" not in shown(stranger, "/help/school-devices/")


def test_only_such_a_stylesheet_is_ever_kept(cast: Cast, signed_in: Client, noon) -> None:
    for address in ("/help/school-devices/", "/help/school-devices/look-x.css", "/requests/", "/me/"):
        assert signed_in.get(address)["Cache-Control"] == "no-store", address


def test_the_page_of_a_request_looks_as_the_portal_by_which_it_came(
    stranger: Client, cast: Cast, noon
) -> None:
    portal = opened(cast, "repairs", look={"accent": "#ffd400"})
    ticket = cast.writes("2026-03-16 08:00", portal=portal)
    by_mail = cast.writes("2026-03-16 08:30")
    page = shown(stranger, link(ticket))
    assert '<bdi class="desk-name">Repairs</bdi>' in page
    assert "/help/repairs/look-" in page
    assert '<bdi class="desk-name">School Device Support</bdi>' in shown(stranger, link(by_mail))


@pytest.mark.parametrize("address", ["", "contact/", "policy/", "follow/"])
def test_a_portal_of_a_desk_without_a_policy_says_so(
    stranger: Client, cast: Cast, noon, address: str
) -> None:
    create_desk(
        slug="lab",
        name="The Lab",
        prefix="LAB",
        zone="UTC",
        address="lab@desk.example.com",
        by="t",
        now=LONG_AGO,
    )
    page = shown(stranger, f"/help/lab/{address}")
    assert "lab@desk.example.com" in page or "no policy in force" in page
    assert "/help/lab/requests/new/" not in page
