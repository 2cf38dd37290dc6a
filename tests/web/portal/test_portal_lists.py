"""Lists of requests: one's own, those of one's organization, and those of the customers whom one serves."""

import re

import pytest
from django.test import Client
from portal_cast import hidden_fields

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Affiliation, Contact, Organization, Partnership
from upheld.tickets.actions import remove_participant, reply, set_status, write_note
from upheld.tickets.models import Ticket

NORTH = "?whose=organization"
SERVED = "?whose=partner"


@pytest.fixture
def north(cast: Cast) -> Organization:
    """A school to which Amina and Omar belong; nobody has granted her anything yet."""
    north = Organization.objects.create(desk=cast.desk, name="North School")
    Affiliation.objects.create(contact=cast.amina, organization=north)
    return north


@pytest.fixture
def omar(cast: Cast, north: Organization) -> Contact:
    omar = find_or_add_contact("omar@north.example.org", "Omar Haddad", LONG_AGO)
    Affiliation.objects.create(contact=omar, organization=north)
    return omar


@pytest.fixture
def of_omar(cast: Cast, omar: Contact, north: Organization) -> Ticket:
    return cast.writes(
        "2026-03-16 08:00", subject="The projector hums", text="It hums.", contact=omar, organization=north
    )


def grant(cast: Cast) -> None:
    Affiliation.objects.filter(contact=cast.amina).update(sees_all=True)


def shown(client: Client, asked: str = "") -> str:
    answer = client.get(f"/requests/{asked}")
    assert answer.status_code == 200
    return answer.content.decode()


def subjects(client: Client, asked: str = "") -> list[str]:
    return re.findall(r'<span class="subject"><bdi>(.*?)</bdi>', shown(client, asked))


def test_requests_of_the_organization_are_listed_for_whom_it_was_granted(
    signed_in: Client, cast: Cast, of_omar: Ticket, noon
) -> None:
    assert "organization" not in shown(signed_in)
    assert subjects(signed_in, NORTH) == []
    assert signed_in.get(f"/requests/{of_omar.number}/").status_code == 404
    grant(cast)
    assert subjects(signed_in) == []
    page = shown(signed_in, NORTH)
    assert "What others of North School asked." in page
    assert "Asked by <bdi>Omar Haddad</bdi>, <bdi>North School</bdi>" in page
    assert "omar@north" not in page


def test_what_waits_for_somebody_else_does_not_wait_for_me(
    signed_in: Client, cast: Cast, of_omar: Ticket, noon
) -> None:
    grant(cast)
    reply(of_omar.pk, cast.bob, "Which lamp?", at("2026-03-16 09:00"), status="waiting_on_customer")
    page = shown(signed_in, NORTH)
    assert "Waiting for their answer" in page
    assert "Waiting for your answer" not in page


def test_who_follows_a_request_reads_it_and_does_not_write(
    signed_in: Client, cast: Cast, of_omar: Ticket, noon
) -> None:
    grant(cast)
    write_note(of_omar.pk, cast.bob, "Only for us.", at("2026-03-16 09:00"))
    address = f"/requests/{of_omar.number}/"
    page = signed_in.get(address).content.decode()
    assert "It hums." in page
    assert "Only for us." not in page
    assert "Asked by <bdi>Omar Haddad</bdi>" in page
    assert "you may follow all requests of North School" in page
    assert 'name="text"' not in page
    assert signed_in.post(address, {"text": "Me too."}).status_code == 404
    assert of_omar.messages.filter(text="Me too.").count() == 0


@pytest.mark.parametrize("may_act", [False, True])
def test_a_partner_follows_its_customers_and_writes_where_it_may(
    signed_in: Client, cast: Cast, of_omar: Ticket, noon, may_act: bool
) -> None:
    reseller = Organization.objects.create(desk=cast.desk, name="Device Partners")
    Affiliation.objects.filter(contact=cast.amina).update(organization=reseller)
    assert subjects(signed_in, SERVED) == []
    Partnership.objects.create(partner=reseller, customer=of_omar.organization, may_act=may_act)
    assert "What people of North School asked, whom you serve as a partner." in shown(signed_in, SERVED)
    assert subjects(signed_in, SERVED) == ["The projector hums"]
    address = f"/requests/{of_omar.number}/"
    page = signed_in.get(address).content.decode()
    assert "you serve North School as a partner" in page
    assert ('name="text"' in page) is may_act
    answer = signed_in.post(address, hidden_fields(page) | {"text": "For them: since Monday."})
    assert answer.status_code == (302 if may_act else 404)
    assert of_omar.messages.filter(contact=cast.amina).exists() is may_act


def test_what_is_restricted_is_followed_by_nobody(
    signed_in: Client, cast: Cast, of_omar: Ticket, noon
) -> None:
    grant(cast)
    assert subjects(signed_in, NORTH) == ["The projector hums"]
    Ticket.objects.filter(pk=of_omar.pk).update(restricted=True)
    assert subjects(signed_in, NORTH) == []
    assert subjects(signed_in, f"{NORTH}&q=projector") == []
    assert signed_in.get(f"/requests/{of_omar.number}/").status_code == 404


def test_open_and_done_ones_are_told_apart(signed_in: Client, cast: Cast, noon) -> None:
    cast.writes("2026-03-16 08:00", subject="Still humming")
    done = cast.writes("2026-03-16 08:30", subject="Hums no more")
    set_status(done.pk, cast.bob, "resolved", at("2026-03-16 09:00"))
    assert subjects(signed_in, "?show=open") == ["Still humming"]
    assert subjects(signed_in, "?show=done") == ["Hums no more"]
    assert len(subjects(signed_in, "?show=nonsense&whose=nobody")) == 2


def test_a_number_or_words_find_a_request(signed_in: Client, cast: Cast, noon) -> None:
    first = cast.writes("2026-03-16 08:00", subject="Hinge", text="The hinge is loose at 100% of angles.")
    cast.writes("2026-03-16 08:30", subject="Battery", text="It is flat.")
    reply(first.pk, cast.bob, "Which model is it?", at("2026-03-16 09:00"))
    for text in (first.number.lower(), f"%23{first.number}", "LOOSE hinge", "which model", "100%25"):
        assert subjects(signed_in, f"?q={text}") == ["Hinge"], text
    assert "Nothing found" in shown(signed_in, "?q=loose+battery")
    assert len(subjects(signed_in, "?q=%00%00")) == 2


def test_nothing_is_found_by_what_one_may_not_read(
    signed_in: Client, cast: Cast, of_omar: Ticket, noon
) -> None:
    ticket = cast.writes("2026-03-16 08:00", subject="Mine")
    write_note(ticket.pk, cast.bob, "The customer is impatient.", at("2026-03-16 09:00"))
    assert "Nothing found" in shown(signed_in, "?q=impatient")
    assert "Nothing found" in shown(signed_in, "?q=projector")
    assert "Nothing found" in shown(signed_in, f"?q={of_omar.number}")
    # Put in copy today: what was said before is not theirs.
    of_omar.participants.create(contact=cast.amina, sees_from=utc("2026-03-16 10:00"))
    assert subjects(signed_in, "?q=projector") == ["The projector hums"]
    assert "Nothing found" in shown(signed_in, "?q=it+hums.")


def test_who_was_put_out_finds_it_in_no_list(signed_in: Client, cast: Cast, of_omar: Ticket, noon) -> None:
    taking_part = of_omar.participants.create(contact=cast.amina, sees_from=utc("2026-03-16 08:00"))
    grant(cast)
    assert subjects(signed_in) == ["The projector hums"]
    remove_participant(of_omar.pk, taking_part.pk, cast.bob, at("2026-03-16 10:00"))
    for asked in ("", NORTH, f"{NORTH}&q=projector"):
        assert subjects(signed_in, asked) == []


def test_a_page_of_a_narrowed_list_stays_narrowed(signed_in: Client, cast: Cast, noon) -> None:
    for number in range(27):
        cast.writes(f"2026-03-16 08:{number:02}", subject=f"Cable {number}.")
    cast.writes("2026-03-16 09:00", subject="Mouse")
    page = shown(signed_in, "?show=open&q=cable")
    assert 'href="?show=open&amp;q=cable&amp;page=2"' in page
    second = shown(signed_in, "?show=open&q=cable&page=2")
    assert "Cable 0." in second
    assert "Mouse" not in second
