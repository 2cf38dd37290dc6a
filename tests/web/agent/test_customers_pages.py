"""The pages of customers: who finds whom, who changes what, and what is shown back when it is refused."""

import re
from collections.abc import Callable

import pytest
from cast_of_pages import HOSTILE, enter, page
from django.test import Client

from harness.cast import LONG_AGO, Cast, utc
from upheld.desks.actions import publish_policy
from upheld.desks.models import AuditEntry
from upheld.people import actions
from upheld.people.models import (
    Affiliation,
    Agent,
    Contact,
    Contract,
    DeskContact,
    Organization,
    OrganizationDomain,
    Partnership,
    Site,
)
from upheld.people.particulars import ContactParticulars, OrganizationParticulars, SiteParticulars
from upheld.policy import pack
from upheld.tickets.models import Reader

BY = {"by": "tests", "now": LONG_AGO}
HERE = "/customers/"


@pytest.fixture
def lena(cast: Cast, signed_in: Callable[[Agent], Client]) -> Client:
    """The team lead's browser."""
    return signed_in(cast.lena)


@pytest.fixture
def harbour(cast: Cast) -> Organization:
    return actions.add_organization(cast.desk, OrganizationParticulars("Harbour Office", "K-1001"), **BY)


@pytest.fixture
def noor(cast: Cast, harbour: Organization) -> Contact:
    """Of the Harbour Office, before she asked anything."""
    given = ContactParticulars(name="Noor Haddad", phone="+44 20 7946 0018")
    contact, _new = actions.add_contact(cast.desk, "noor@harbour.example", given, **BY)
    actions.affiliate(contact.pk, harbour.pk, title="Harbour master", sees_all=True, **BY)
    return contact


def listed(text: str) -> list[str]:
    """Whom a list names, in its order."""
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]*)</a>', text)


def main_of(text: str) -> str:
    return text[text.index('<main id="main"') :]


# Finding.


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["Amina Yusuf", "Noor Haddad"]),
        ("noor", ["Noor Haddad"]),
        ("harbour.example", ["Noor Haddad"]),
        ("020 7946", ["Noor Haddad"]),
        ("+44 (0)20 79460018", ["Noor Haddad"]),
        ("+44 20 7555 0101", ["Amina Yusuf"]),
        ("harbour office", ["Noor Haddad"]),
        ("k-1001", ["Noor Haddad"]),
        ("%", []),
        ("nobody", []),
    ],
)
def test_a_contact_is_found_by_whatever_is_known(
    cast: Cast, bob: Client, noor: Contact, words: str, found: list[str]
) -> None:
    cast.writes("2026-03-20 16:00")
    actions.change_contact(
        cast.amina.pk, ContactParticulars(name="Amina Yusuf", phone="020 7555 0101"), desk=cast.desk, **BY
    )
    assert listed(page(bob.get(HERE, {"q": words}))) == found


def test_an_organization_is_found_by_name_reference_or_domain(
    cast: Cast, bob: Client, harbour: Organization
) -> None:
    actions.add_domain(harbour.pk, "harbour.example", **BY)
    actions.add_organization(cast.desk, OrganizationParticulars("River Mills"), **BY)
    for words in ("harb", "1001", "harbour.ex"):
        assert listed(page(bob.get(HERE, {"list": "organizations", "q": words}))) == ["Harbour Office"]


def test_a_long_list_comes_in_pages_that_miss_nobody(cast: Cast, bob: Client) -> None:
    for number in range(60):
        # Names repeat, and some have none.
        given = ContactParticulars(name=f"Person {number // 3:02}" if number % 4 else "")
        actions.add_contact(cast.desk, f"person{number:02}@many.example", given, **BY)
    seen, address = [], HERE
    while address:
        text = page(bob.get(address))
        seen += re.findall(r'href="/customers/contacts/(\d+)/"', text)
        found = re.search(r'href="([^"]*after[^"]*)"', text)
        address = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 60
    for odd in ("x", "1~\0", "99999999999999999999~a", "~", "-1~a"):
        assert bob.get(HERE, {"after": odd}).status_code == 200


def test_a_merged_duplicate_leads_to_who_was_kept(cast: Cast, bob: Client, noor: Contact) -> None:
    other, _new = actions.add_contact(cast.desk, "nh@old.example", ContactParticulars(), **BY)
    Contact.objects.filter(pk=other.pk).update(merged_into=noor)
    assert bob.get(f"{HERE}contacts/{other.pk}/")["Location"] == f"{HERE}contacts/{noor.pk}/"
    assert listed(page(bob.get(HERE, {"q": "nh@old"}))) == ["Noor Haddad"]
    assert "nh@old.example" in page(bob.get(f"{HERE}contacts/{noor.pk}/"))


# Who sees and does what.


def test_customers_of_another_desk_are_as_good_as_absent(
    cast: Cast, stranger: Client, noor: Contact, harbour: Organization
) -> None:
    cast.writes("2026-03-20 16:00")
    for list_ in ("contacts", "organizations"):
        assert listed(page(stranger.get(HERE, {"list": list_}))) == []
    places = ["", "change/", "address/", "merge/"]
    for kind, pk, more in (
        ("contacts", noor.pk, places),
        ("contacts", cast.amina.pk, places),
        ("organizations", harbour.pk, ["", "change/", "sites/new/"]),
    ):
        for place in more:
            forbidden = stranger.get(f"{HERE}{kind}/{pk}/{place}")
            absent = stranger.get(f"{HERE}{kind}/999999/{place}")
            assert forbidden.status_code == absent.status_code == 404
            assert forbidden.content == absent.content


def test_agents_read_and_do_not_change(cast: Cast, bob: Client, noor: Contact, harbour: Organization) -> None:
    domain = actions.add_domain(harbour.pk, "harbour.example", **BY)
    site = actions.add_site(harbour.pk, SiteParticulars("Pier 4"), **BY)
    here = f"{HERE}organizations/{harbour.pk}/"
    for read in (f"{HERE}contacts/{noor.pk}/", here):
        assert 'method="post"' not in main_of(page(bob.get(read)))
    before = AuditEntry.objects.count()
    for place in (
        f"{HERE}contacts/new/",
        f"{HERE}contacts/{noor.pk}/change/",
        f"{HERE}contacts/{noor.pk}/address/",
        f"{HERE}contacts/{noor.pk}/organizations/",
        f"{HERE}contacts/{noor.pk}/merge/",
        f"{HERE}organizations/new/",
        f"{here}change/",
        f"{here}people/",
        f"{here}people/{noor.pk}/",
        f"{here}domains/",
        f"{here}domains/{domain.pk}/remove/",
        f"{here}partners/",
        f"{here}sites/new/",
        f"{here}sites/{site.pk}/",
        f"{here}sites/{site.pk}/remove/",
    ):
        assert bob.post(place, {"name": "X", "address": "x@x.example"}).status_code == 404
    assert AuditEntry.objects.count() == before


def test_nobody_is_known_by_a_restricted_request_that_one_may_not_read(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00", restricted=True, subject="About somebody")
    Reader.objects.filter(ticket=ticket).delete()
    assert listed(page(bob.get(HERE, {"q": "amina"}))) == []
    assert bob.get(f"{HERE}contacts/{cast.amina.pk}/").status_code == 404
    actions.add_contact(cast.desk, cast.amina.address, ContactParticulars(), **BY)
    assert "About somebody" not in page(bob.get(f"{HERE}contacts/{cast.amina.pk}/"))
    Reader.objects.create(ticket=ticket, agent=cast.bob, added_at=LONG_AGO)
    assert "About somebody" in page(bob.get(f"{HERE}contacts/{cast.amina.pk}/"))


def test_a_lead_of_another_desk_takes_nobody_from_this_one(
    cast: Cast, stranger: Client, noor: Contact, harbour: Organization
) -> None:
    """Entering a known address makes the contact known there, too, and opens no organization of this desk."""
    answer = stranger.post(f"{HERE}contacts/new/", {"address": noor.address, "name": "Mine"})
    assert answer["Location"] == f"{HERE}contacts/{noor.pk}/"
    text = page(stranger.get(f"{HERE}contacts/{noor.pk}/"))
    assert "Harbour" not in main_of(text)
    refused = stranger.post(f"{HERE}contacts/{noor.pk}/address/", {"address": "charlie@home.example"})
    assert refused.status_code == 422
    noor.refresh_from_db()
    assert (noor.address, noor.name) == ("noor@harbour.example", "Noor Haddad")


# Changing.


def test_a_lead_enters_and_changes_a_contact(cast: Cast, lena: Client, harbour: Organization) -> None:
    given = {"address": "Ida@River.example", "name": "Ida", "phone": "+44 1", "organization": "harb"}
    answer = lena.post(f"{HERE}contacts/new/", given)
    ida = Contact.objects.get(address="ida@river.example")
    assert answer["Location"] == f"{HERE}contacts/{ida.pk}/"
    assert DeskContact.objects.filter(contact=ida, desk=cast.desk).exists()
    assert Affiliation.objects.get(contact=ida).organization == harbour
    here = f"{HERE}contacts/{ida.pk}/"
    form = page(lena.get(f"{here}change/"))
    assert 'value="Ida"' in form
    lena.post(f"{here}change/", {"name": "Ida Berg", "zone": "Europe/Oslo", "notes": "<b>Ring</b>"})
    ida.refresh_from_db()
    assert (ida.name, ida.zone, ida.phone) == ("Ida Berg", "Europe/Oslo", "")
    text = page(lena.get(here))
    assert "&lt;b&gt;Ring&lt;/b&gt;" in text
    assert AuditEntry.objects.get(action="contact changed").actor == "Lena Novak <lena@desk.example.com>"


def test_what_is_refused_stays_typed_and_says_why(cast: Cast, lena: Client, noor: Contact) -> None:
    answer = lena.post(
        f"{HERE}contacts/new/", {"address": "ida@river.example", "name": HOSTILE, "zone": "Mars"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no time zone “Mars”" in text
    assert 'value="ida@river.example"' in text
    assert "<script>alert" not in text
    answer = lena.post(f"{HERE}contacts/new/", {"address": "ida@river.example", "organization": "Atlantis"})
    assert "There is no organization “Atlantis”" in answer.content.decode()
    assert not Contact.objects.filter(address="ida@river.example").exists()


def test_another_address_says_whose_it_is_only_to_who_may_know(
    cast: Cast, lena: Client, noor: Contact, charlie: Agent
) -> None:
    cast.writes("2026-03-20 16:00")
    hidden, _new = actions.add_contact(
        charlie.memberships.get().desk, "h@other.example", ContactParticulars(name="Hidden"), **BY
    )
    here = f"{HERE}contacts/{noor.pk}/address/"
    known = lena.post(here, {"address": cast.amina.address})
    unknown = lena.post(here, {"address": hidden.address})
    own = lena.post(here, {"address": "support@desk.example.com"})
    assert [each.status_code for each in (known, unknown, own)] == [422, 422, 422]
    assert "merge the two" in known.content.decode()
    for answer in (unknown, own):
        assert "merge the two" not in answer.content.decode()
        assert "Hidden" not in answer.content.decode()


def test_organization_people_domains_and_partners(cast: Cast, lena: Client, harbour: Organization) -> None:
    lena.post(f"{HERE}organizations/new/", {"name": "River Mills", "reference": "K-2"})
    mills = Organization.objects.get(name="River Mills")
    here = f"{HERE}organizations/{mills.pk}/"
    lena.post(f"{here}people/", {"address": "ida@mills.example", "name": "Ida", "sees_all": "yes"})
    row = Affiliation.objects.get(organization=mills)
    assert (row.contact.name, row.sees_all, row.is_main) == ("Ida", True, True)
    lena.post(f"{here}people/{row.contact_id}/", {"title": "Miller", "is_main": "yes"})
    row.refresh_from_db()
    assert (row.title, row.sees_all) == ("Miller", False)
    lena.post(f"{here}domains/", {"domain": "Mills.Example"})
    taken = lena.post(f"{HERE}organizations/{harbour.pk}/domains/", {"domain": "mills.example"})
    assert "This domain belongs to River Mills." in taken.content.decode()
    lena.post(f"{here}partners/", {"organization": "K-1001", "may_act": "yes"})
    partnership = Partnership.objects.get(partner=harbour, customer=mills)
    assert partnership.may_act
    text = page(lena.get(here))
    for words in ("Ida", "Miller", "mills.example", "Harbour Office", "acts for it"):
        assert words in text
    lena.post(f"{here}partners/{partnership.pk}/", {})
    assert not Partnership.objects.get().may_act
    lena.post(f"{here}partners/{partnership.pk}/", {"end": "yes"})
    lena.post(f"{here}people/{row.contact_id}/", {"part": "yes"})
    domain = OrganizationDomain.objects.get()
    assert lena.post(f"{HERE}organizations/{harbour.pk}/domains/{domain.pk}/remove/").status_code == 404
    lena.post(f"{here}domains/{domain.pk}/remove/")
    assert not (Partnership.objects.exists() or Affiliation.objects.exists())
    assert not OrganizationDomain.objects.exists()


def test_a_site_asks_what_the_policy_asks_of_its_product(
    cast: Cast, lena: Client, harbour: Organization
) -> None:
    publish_policy(cast.desk, pack("maintenance-contract"), now=utc("2026-01-02 00:00"), by="tests")
    here = f"{HERE}organizations/{harbour.pk}/sites/new/"
    assert "phone_system" not in page(lena.get(here))
    text = page(lena.post(here, {"name": "Pier 4", "product": "call_tracking", "again": "yes"}))
    assert 'value="Pier 4"' in text
    assert "asked-server" in text
    assert not Site.objects.exists()
    lena.post(here, {"name": "Pier 4", "product": "call_tracking", "asked-server": "cellar"})
    site = Site.objects.get()
    assert site.fields == {"server": "cellar"}
    assert "cellar" in page(lena.get(f"{HERE}organizations/{harbour.pk}/"))
    at = f"{HERE}organizations/{harbour.pk}/sites/{site.pk}/"
    assert 'value="cellar"' in page(lena.get(at))
    assert lena.post(at, {"name": "Pier 5", "product": "toaster"}).status_code == 422
    lena.post(f"{at}remove/")
    assert not Site.objects.exists()


# Merging.


def test_a_duplicate_is_suggested_previewed_and_merged(cast: Cast, lena: Client, noor: Contact) -> None:
    given = ContactParticulars(name="N. H.", phone="020 7946 0018")
    other, _new = actions.add_contact(cast.desk, "nh@mail.example", given, **BY)
    Contact.objects.filter(pk=other.pk).update(phone_digits=noor.phone_digits)
    ticket = cast.writes("2026-03-20 16:00", contact=other)
    text = page(lena.get(f"{HERE}contacts/{noor.pk}/"))
    assert f"{HERE}contacts/{noor.pk}/merge/?duplicate=nh%40mail.example" in text
    here = f"{HERE}contacts/{noor.pk}/merge/"
    preview = page(lena.get(here, {"duplicate": "nh@mail.example"}))
    assert "They do not belong to the same organizations" in preview
    assert "Requests of nh@mail.example that noor@harbour.example reads: 1." in preview
    assert "All requests of Harbour Office are seen on the portal with either address." in preview
    unconfirmed = lena.post(here, {"duplicate": "nh@mail.example"})
    assert unconfirmed.status_code == 422
    done = lena.post(here, {"duplicate": "nh@mail.example", "confirmed": "yes"})
    assert done["Location"] == f"{HERE}contacts/{noor.pk}/"
    ticket.refresh_from_db()
    assert ticket.requester == noor
    history = page(lena.get(f"/tickets/{ticket.number}/"))
    assert "merged the contact nh@mail.example into Noor Haddad" in history


def test_whoever_signs_in_by_the_duplicates_address_is_the_kept_contact(
    cast: Cast, lena: Client, noor: Contact
) -> None:
    other, _new = actions.add_contact(cast.desk, "nh@mail.example", ContactParticulars(), **BY)
    ticket = cast.writes("2026-03-20 16:00", contact=noor)
    actions.open_account(other.address)
    other.refresh_from_db()
    customer = enter(other.user)
    mine = f"/requests/{ticket.number}/"
    assert customer.get(mine).status_code == 404
    here = f"{HERE}contacts/{noor.pk}/merge/"
    shown = page(lena.get(here, {"duplicate": other.address}))
    assert "Who signs in with nh@mail.example reads the requests of both on the portal: 1." in shown
    lena.post(here, {"duplicate": other.address, "confirmed": "yes"})
    assert customer.get(mine).status_code == 200


def test_an_address_that_nobody_knows_and_one_of_another_desk_say_the_same(
    cast: Cast, lena: Client, noor: Contact, charlie: Agent
) -> None:
    desk = charlie.memberships.get().desk
    actions.add_contact(desk, "h@other.example", ContactParticulars(name="Hidden"), **BY)
    here = f"{HERE}contacts/{noor.pk}/merge/"
    said = [lena.get(here, {"duplicate": each}) for each in ("h@other.example", "n@other.example")]
    one, other = (re.findall(r'role="alert">.*?</p>', each.content.decode(), re.S) for each in said)
    assert one == other
    assert one


# Beside a ticket.


def test_a_ticket_shows_who_asked_for_whom_and_under_which_contract(
    cast: Cast, bob: Client, noor: Contact, harbour: Organization
) -> None:
    contract = Contract.objects.create(
        desk=cast.desk, organization=harbour, reference="C-7", starts_on="2026-01-01", ends_on="2026-03-18"
    )
    contract.technical_contacts.add(noor)
    site = actions.add_site(harbour.pk, SiteParticulars("Pier 4"), **BY)
    ticket = cast.writes("2026-03-18 09:00", contact=noor, organization=harbour, contract=contract, site=site)
    text = page(bob.get(f"/tickets/{ticket.number}/"))
    side = text[text.index('class="customer-beside"') :]
    for words in (
        f"{HERE}contacts/{noor.pk}/",
        f"{HERE}organizations/{harbour.pk}/",
        "+44 20 7946 0018",
        "Harbour master",
        "technical contact",
        "sees all requests",
        "C-7",
        "until Wed 18 March 2026",
        "ended",
        "Pier 4",
    ):
        assert words in side
