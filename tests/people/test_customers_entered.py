"""What team leads enter about customers: what is stored, what is refused, and what the audit keeps of it."""

import pytest

from harness.cast import LONG_AGO, Cast, utc
from upheld.desks.actions import publish_policy
from upheld.desks.models import AuditEntry
from upheld.people import actions
from upheld.people.affiliations import organizations_on
from upheld.people.models import Affiliation, Contact, DeskContact, Organization, Partnership, Site
from upheld.people.particulars import ContactParticulars, OrganizationParticulars, SiteParticulars
from upheld.people.phones import digits_of
from upheld.people.refused import AddressTaken, CustomerRefused, DomainTaken
from upheld.policy import pack

NOW = utc("2026-03-20 16:30")
BY = {"by": "Lena", "now": NOW}


@pytest.fixture
def harbour(cast: Cast) -> Organization:
    return actions.add_organization(cast.desk, OrganizationParticulars("Harbour Office", "K-1001"), **BY)


@pytest.fixture
def mills(cast: Cast) -> Organization:
    return actions.add_organization(cast.desk, OrganizationParticulars("River Mills"), **BY)


def told(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action, actor="Lena"))


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("+44 20 7946 0018", "442079460018"),
        ("+44 (0)20 7946 0018", "442079460018"),
        ("0044 20 7946 0018", "442079460018"),
        ("020 7946 0018", "02079460018"),
        ("(0)20 7946", "0207946"),
        ("+1 555-0142 ext. 12", "15550142"),
        ("+1 555 0142 x12", "15550142"),
        ("+49 30 1234 Durchwahl 5", "49301234"),
        ("٠١٢٣", ""),
        ("ring me", ""),
    ],
)
def test_a_phone_number_is_found_by_its_digits_however_it_is_written(written: str, digits: str) -> None:
    assert digits_of(written) == digits


def test_somebody_is_entered_before_they_ask_anything(cast: Cast) -> None:
    given = ContactParticulars(name="Noor\n Haddad", phone="+44 (0)20 7946 0018", zone="Europe/Paris")
    contact, is_new = actions.add_contact(cast.desk, " Noor@Harbour.Example ", given, **BY)
    assert is_new
    contact.refresh_from_db()
    assert (contact.address, contact.name) == ("noor@harbour.example", "Noor Haddad")
    assert (contact.phone, contact.phone_digits) == ("+44 (0)20 7946 0018", "442079460018")
    assert contact.confirmed_at is None
    assert DeskContact.objects.filter(desk=cast.desk, contact=contact).exists()
    assert [each.subject for each in told("contact entered")] == ["noor@harbour.example"]


def test_of_somebody_known_only_what_was_empty_is_filled_in(cast: Cast) -> None:
    given = ContactParticulars(name="Somebody Else", phone="+44 20 7946 0018")
    contact, _new = actions.add_contact(cast.desk, cast.amina.address, given, **BY)
    assert contact == cast.amina
    assert (contact.name, contact.phone_digits) == ("Amina Yusuf", "442079460018")
    again, is_new = actions.add_contact(
        cast.desk, cast.amina.address, ContactParticulars(phone="+44 1"), **BY
    )
    assert not is_new
    assert (again.phone, again.phone_digits) == ("+44 20 7946 0018", "442079460018")
    assert not told("contact changed")
    assert len(told("contact entered")) == 1


@pytest.mark.parametrize(
    ("address", "given", "about"),
    [
        ("nobody", ContactParticulars(), "address"),
        ("support@desk.example.com", ContactParticulars(), "address"),
        ("n@x.example", ContactParticulars(phone="ring me"), "phone"),
        ("n@x.example", ContactParticulars(zone="Mars/Olympus"), "zone"),
        ("n@x.example", ContactParticulars(language="englisch"), "language"),
        ("n@x.example", ContactParticulars(region="atlantis"), "region"),
    ],
)
def test_what_nothing_can_be_made_of_is_refused_with_its_field(
    cast: Cast, address: str, given: ContactParticulars, about: str
) -> None:
    with pytest.raises(CustomerRefused) as refused:
        actions.add_contact(cast.desk, address, given, **BY)
    assert refused.value.field == about
    assert not AuditEntry.objects.filter(action="contact entered").exists()


def test_an_unknown_region_is_refused_with_those_that_the_policy_knows(cast: Cast) -> None:
    publish_policy(cast.desk, pack("campaign-severity"), now=utc("2026-01-02 00:00"), by="tests")
    change = {"desk": cast.desk, **BY}
    with pytest.raises(CustomerRefused, match="It knows: asia_pacific, europe, north_america"):
        actions.change_contact(cast.amina.pk, ContactParticulars(region="atlantis"), **change)
    assert (
        actions.change_contact(cast.amina.pk, ContactParticulars(region="europe"), **change).region
        == "europe"
    )
    Contact.objects.filter(pk=cast.amina.pk).update(region="an older word")
    kept = actions.change_contact(
        cast.amina.pk, ContactParticulars(name="A", region="an older word"), **change
    )
    assert (kept.name, kept.region) == ("A", "an older word")


def test_a_change_is_audited_once_with_before_and_after_and_without_the_notes(cast: Cast) -> None:
    given = ContactParticulars(name="Amina Y.", notes="Knows the building.")
    for _time in range(2):
        actions.change_contact(cast.amina.pk, given, desk=cast.desk, **BY)
    (entry,) = told("contact changed")
    assert entry.data["changed"] == {"name": ["Amina Yusuf", "Amina Y."], "notes": "changed"}


def test_a_new_address_is_unconfirmed_and_ends_the_session(cast: Cast) -> None:
    Contact.objects.filter(pk=cast.amina.pk).update(confirmed_at=LONG_AGO)
    actions.open_account(cast.amina.address)
    user = Contact.objects.get(pk=cast.amina.pk).user
    assert user is not None
    before = user.get_session_auth_hash()
    moved = actions.change_address(cast.amina.pk, "Amina@New.Example", desk=cast.desk, **BY)
    user.refresh_from_db()
    assert (moved.address, moved.confirmed_at) == ("amina@new.example", None)
    assert user.email == "amina@new.example"
    assert user.get_session_auth_hash() != before
    (entry,) = told("contact's address changed")
    assert entry.data["before"] == "amina@school.example.org"


def test_no_address_that_is_somebodys_is_taken(cast: Cast) -> None:
    other = actions.find_or_add_contact("omar@school.example.org", "Omar", NOW)
    for taken in ("omar@school.example.org", "support@desk.example.com"):
        with pytest.raises(AddressTaken):
            actions.change_address(cast.amina.pk, taken, desk=cast.desk, **BY)
    actions.open_account(cast.amina.address)
    with pytest.raises(AddressTaken):
        actions.change_address(cast.amina.pk, "bob@desk.example.com", desk=cast.desk, **BY)
    Contact.objects.filter(pk=other.pk).update(user=cast.bob.user)
    with pytest.raises(CustomerRefused, match="is an agent as well"):
        actions.change_address(other.pk, "new@school.example.org", desk=cast.desk, **BY)


def test_two_organizations_share_neither_name_nor_reference(cast: Cast, harbour: Organization) -> None:
    for given in (
        OrganizationParticulars("harbour office"),
        OrganizationParticulars("X", "k-1001"),
        OrganizationParticulars(" "),
    ):
        with pytest.raises(CustomerRefused):
            actions.add_organization(cast.desk, given, **BY)
    given = OrganizationParticulars("Harbour Office", "K-1001", language="de")
    assert actions.change_organization(harbour.pk, given, **BY).language == "de"
    assert [each.data["changed"] for each in told("organization changed")] == [{"language": ["", "de"]}]


def test_who_writes_from_a_domain_belongs_to_it_unless_somebody_entered_otherwise(
    cast: Cast, harbour: Organization, mills: Organization
) -> None:
    added = actions.add_domain(harbour.pk, "Somebody@School.Example.ORG.", **BY)
    assert added.domain == "school.example.org"
    assert organizations_on(cast.desk.pk, cast.amina) == [harbour]
    actions.affiliate(cast.amina.pk, mills.pk, **BY)
    assert organizations_on(cast.desk.pk, cast.amina) == [mills]
    actions.remove_domain(added.pk, **BY)
    actions.part(cast.amina.pk, mills.pk, **BY)
    assert organizations_on(cast.desk.pk, cast.amina) == []
    assert [each.subject for each in (*told("domain added"), *told("domain removed"))] == [
        "school.example.org",
        "school.example.org",
    ]


def test_a_domain_of_everybody_or_of_somebody_else_is_refused(
    harbour: Organization, mills: Organization
) -> None:
    for domain in ("gmail.com", "GMX.de", "no domain", "localhost", "", "-x.example", "a" * 64 + ".example"):
        with pytest.raises(CustomerRefused):
            actions.add_domain(harbour.pk, domain, **BY)
    actions.add_domain(harbour.pk, "münchen.example", **BY)
    assert harbour.domains.get().domain == "xn--mnchen-3ya.example"
    with pytest.raises(DomainTaken) as taken:
        actions.add_domain(mills.pk, "münchen.example", **BY)
    assert taken.value.organization_id == harbour.pk
    assert actions.add_domain(harbour.pk, "münchen.example", **BY).organization == harbour


def test_one_organization_a_desk_is_the_main_one(
    cast: Cast, harbour: Organization, mills: Organization
) -> None:
    first = actions.affiliate(cast.amina.pk, harbour.pk, **BY)
    assert first.is_main
    assert not actions.affiliate(cast.amina.pk, mills.pk, title="Clerk", **BY).is_main
    actions.affiliate(cast.amina.pk, mills.pk, title="Clerk", is_main=True, sees_all=True, **BY)
    rows = Affiliation.objects.filter(contact=cast.amina).order_by("pk")
    assert [(each.organization, each.is_main, each.sees_all) for each in rows] == [
        (harbour, False, False),
        (mills, True, True),
    ]
    assert organizations_on(cast.desk.pk, cast.amina) == [mills, harbour]
    (changed,) = told("affiliation changed")
    assert (changed.data["before"]["sees_all"], changed.data["sees_all"]) == (False, True)
    assert actions.part(cast.amina.pk, harbour.pk, **BY)
    assert not actions.part(cast.amina.pk, harbour.pk, **BY)
    assert len(told("contact parted")) == 1


def test_a_partner_follows_or_acts_until_it_is_ended(
    cast: Cast, charlie: object, harbour: Organization, mills: Organization
) -> None:
    following = actions.begin_partnership(mills.pk, harbour.pk, may_act=False, **BY)
    assert actions.begin_partnership(mills.pk, harbour.pk, may_act=True, **BY).pk == following.pk
    assert Partnership.objects.get().may_act
    with pytest.raises(CustomerRefused):
        actions.begin_partnership(mills.pk, mills.pk, may_act=False, **BY)
    elsewhere = Organization.objects.create(desk=charlie.memberships.get().desk, name="Elsewhere")  # type: ignore[attr-defined]
    with pytest.raises(CustomerRefused):
        actions.begin_partnership(elsewhere.pk, harbour.pk, may_act=False, **BY)
    actions.end_partnership(following.pk, **BY)
    assert not Partnership.objects.exists()
    assert [len(told(f"partnership {each}")) for each in ("begun", "changed", "ended")] == [1, 1, 1]


def test_a_site_keeps_what_the_policy_asks_about_its_product(cast: Cast, harbour: Organization) -> None:
    publish_policy(cast.desk, pack("maintenance-contract"), now=utc("2026-01-02 00:00"), by="tests")
    answers = {"server": "PostgreSQL on cellar", "phone_system": "Bell 12", "shoe_size": "43", "summary": "x"}
    site = actions.add_site(
        harbour.pk, SiteParticulars("Pier 4", product="call_tracking", fields=answers), **BY
    )
    assert site.fields == {"server": "PostgreSQL on cellar", "phone_system": "Bell 12"}
    moved = actions.change_site(
        site.pk, SiteParticulars("Pier 4", product="service_management", fields=site.fields), **BY
    )
    assert moved.fields == {"phone_system": "Bell 12"}
    with pytest.raises(CustomerRefused, match="It knows: call_tracking, service_management"):
        actions.change_site(site.pk, SiteParticulars("Pier 4", product="toaster"), **BY)
    with pytest.raises(CustomerRefused, match="has a site “pier 4” already"):
        actions.add_site(harbour.pk, SiteParticulars("pier 4"), **BY)
    actions.remove_site(site.pk, **BY)
    assert not Site.objects.exists()
    assert [len(told(f"site {each}")) for each in ("entered", "changed", "removed")] == [1, 1, 1]
