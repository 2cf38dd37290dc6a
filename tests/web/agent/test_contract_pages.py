"""The pages of contracts: who sees what, and the way from signing to renewing."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from cast_of_pages import HOSTILE, NOW, page
from django.test import Client

from harness.cast import Cast, utc
from upheld.desks.actions import publish_policy
from upheld.desks.models import AuditEntry
from upheld.people.actions import affiliate, cancel_contract, change_contract, sign_contract
from upheld.people.contract_values import ContractValues
from upheld.people.models import Agent, Contact, Contract, Organization
from upheld.policy import pack
from upheld.tickets.incoming import NewRequest
from upheld.tickets.intake import take_in
from upheld.tickets.models import Reader, Ticket
from upheld.tickets.moment import Moment

HERE = "/customers/contracts/"


@pytest.fixture
def harbour(cast: Cast) -> Organization:
    """Amina's organization, on a desk whose policy has plans."""
    publish_policy(cast.desk, pack("success-plans"), now=utc("2025-06-01 00:00"), by="tests")
    organization = Organization.objects.create(desk=cast.desk, name="Harbour Office", reference="K-1001")
    affiliate(cast.amina.pk, organization.pk, is_main=True, by="tests", now=utc("2025-06-01 00:00"))
    return organization


@pytest.fixture
def lena(cast: Cast, signed_in: Callable[[Agent], Client]) -> Client:
    """The team lead's browser."""
    return signed_in(cast.lena)


def signed(organization: Organization, reference: str = "C-1", **changes: object) -> Contract:
    values = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "plan": "premium", **changes}
    wanted = ContractValues(reference=reference, **values)  # type: ignore[arg-type]
    others = list(Contract.objects.values_list("pk", flat=True))
    return sign_contract(
        organization, wanted, overlaps=others, by="Lena <l@x.example>", now=NOW - timedelta(days=9)
    )


def asked(cast: Cast, at: str = "2026-03-19 10:00", **details: object) -> Ticket:
    """Amina asks for something by mail, under whatever contract is in force."""
    request = NewRequest(
        desk=cast.desk,
        contact=cast.amina,
        subject="A question",
        text="How?",
        channel="email",
        received_at=utc(at),
        **details,  # type: ignore[arg-type]
    )
    ticket = take_in(request, Moment.exactly(utc(at)))
    assert isinstance(ticket, Ticket)
    return ticket


def form(**changes: object) -> dict[str, object]:
    return {
        "reference": "C-1",
        "product": "",
        "plan": "premium",
        "starts_on": "2026-04-01",
        "ends_on": "2027-03-31",
        "incidents": "",
        "remind_days": "60",
        "notes": "",
        "others": "",
        **changes,
    }


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


# Who may do what.


def test_agents_read_contracts_and_change_none(cast: Cast, harbour: Organization, bob: Client) -> None:
    contract = signed(harbour)
    for address in (HERE, f"{HERE}{contract.pk}/"):
        text = page(bob.get(address))
        for act in ("contracts/new/", "change/", "renew/", "/end/", "Import", "history-title"):
            assert act not in text, (address, act)
    for address in (
        "new/",
        f"new/{harbour.pk}/",
        *(f"{contract.pk}/{act}/" for act in ("change", "renew", "end")),
    ):
        assert bob.get(HERE + address).status_code == 404, address
        assert bob.post(HERE + address, form()).status_code in (404, 405), address
    assert Contract.objects.count() == 1


def test_for_another_desk_no_contract_exists(harbour: Organization, stranger: Client) -> None:
    contract = signed(harbour)
    for address in (f"{contract.pk}/", f"{contract.pk}/change/", f"{contract.pk}/end/", f"new/{harbour.pk}/"):
        assert stranger.get(HERE + address).status_code == 404, address
    assert stranger.post(f"{HERE}{contract.pk}/end/", {"when": "now"}).status_code == 404
    for address in (f"{HERE}?state=all", f"{HERE}new/?q=Harbour"):
        assert "Harbour Office" not in page(stranger.get(address))
    assert Contract.objects.get().cancelled_at is None


# The list.


def test_the_list_is_narrowed_by_how_contracts_stand(harbour: Organization, lena: Client) -> None:
    signed(harbour, "LONG")
    signed(
        harbour, "SOON", starts_on=date(2025, 5, 1), ends_on=date(2026, 4, 30), plan="basic", remind_days=41
    )
    signed(harbour, "OVER", starts_on=date(2025, 1, 1), ends_on=date(2026, 3, 19))
    signed(harbour, "LATER", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    cancel_contract(signed(harbour, "GONE").pk, by="Lena", now=NOW - timedelta(days=1))
    Contract.objects.filter(reference="SOON").update(product="elsewhere")  # so that nothing renews it

    def listed(query: str) -> set[str]:
        found = re.findall(
            r'<th scope="row"><a href="[^"]+"><bdi>([^<]+)</bdi>', page(lena.get(HERE + query))
        )
        return set(found)

    assert listed("") == {"LONG", "SOON"}
    assert listed("?state=ending") == {"SOON"}
    assert listed("?state=ended") == {"OVER", "GONE"}
    assert listed("?state=upcoming") == {"LATER"}
    assert listed("?state=all") == {"LONG", "SOON", "OVER", "LATER", "GONE"}
    assert listed("?state=all&plan=basic") == {"SOON"}
    assert listed("?state=all&product=elsewhere") == {"SOON"}
    assert listed("?state=all&q=k-1001") == {"LONG", "SOON", "OVER", "LATER", "GONE"}
    assert listed("?state=all&q=somebody") == set()
    assert listed("?state=%00&page=zwei&plan=%00") == {"LONG", "SOON"}
    assert "Ending soon 1" in words(page(lena.get(HERE)))


# One contract.


def test_the_term_is_told_in_the_desks_zone_with_exact_instants(harbour: Organization, bob: Client) -> None:
    contract = signed(harbour, starts_on=date(2026, 3, 29), ends_on=date(2026, 10, 25))
    text = words(page(bob.get(f"{HERE}{contract.pk}/")))
    assert "Sunday 29 March 2026, 00:00:00 GMT" in text
    assert "in force until just before Monday 26 October 2026, 00:00:00 GMT" in text


def test_incidents_are_exact_for_who_may_change_contracts_and_as_seen_for_others(
    cast: Cast, harbour: Organization, bob: Client, lena: Client
) -> None:
    contract = signed(harbour, incidents=3)
    open_one, secret = asked(cast), asked(cast, restricted=True)
    Reader.objects.filter(ticket=secret).delete()
    for client, said, seen in ((bob, "1 of 3 that you may see", False), (lena, "2 of 3", True)):
        text = words(page(client.get(f"{HERE}{contract.pk}/")))
        assert said in text and open_one.number in text
        assert secret.number not in text
        assert ("1 more used an incident" in text) is seen
        assert said in words(page(client.get(HERE)))


def test_a_contract_is_signed_changed_renewed_and_ended(
    cast: Cast, harbour: Organization, lena: Client
) -> None:
    assert "Harbour Office" in page(lena.get(f"{HERE}new/?q=harb"))
    entered = lena.post(
        f"{HERE}new/{harbour.pk}/",
        form(contact=cast.amina.address, others="engineer@partner.example", incidents="5"),
    )
    contract = Contract.objects.get()
    assert entered.status_code == 302 and entered["Location"] == f"{HERE}{contract.pk}/"
    named = set(contract.technical_contacts.values_list("address", flat=True))
    assert named == {cast.amina.address, "engineer@partner.example"}
    text = page(lena.get(f"{HERE}{contract.pk}/change/"))
    assert 'value="2026-04-01"' in text and "engineer@partner.example</textarea>" in text
    lena.post(f"{HERE}{contract.pk}/change/", form(plan="basic", contact=cast.amina.address))
    text = page(lena.get(f"{HERE}{contract.pk}/renew/"))
    assert 'value="2027-04-01"' in text and 'value="2028-03-31"' in text
    lena.post(
        f"{HERE}{contract.pk}/renew/", form(reference="C-2", starts_on="2027-04-01", ends_on="2028-03-31")
    )
    lena.post(f"{HERE}{contract.pk}/end/", {"when": "day", "last_day": "2026-06-30", "reason": "moved away"})
    contract.refresh_from_db()
    assert contract.cancelled_at == utc("2026-06-30 23:00")  # midnight in London, in summer
    text = words(page(lena.get(f"{HERE}{contract.pk}/")))
    for said in ("Entered", "Plan: premium became basic", "Renewed", "moved away", "C-2", "Lena Novak"):
        assert said in text, said
    actions = AuditEntry.objects.filter(data__contract=contract.pk).order_by("pk")
    assert [each.action.partition(" ")[2] for each in actions] == [
        "signed",
        "changed",
        "renewed",
        "cancelled",
    ]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"plan": "platinum"}, "knows no plan “platinum”. It knows: basic, premium."),
        ({"product": "boats"}, "no product"),
        ({"ends_on": "2026-03-31"}, "The last day is before the first."),
        ({"starts_on": "31.3.2026"}, "Choose a day."),
        ({"reference": "  "}, "Give the contract a reference"),
        ({"reference": "TAKEN"}, "TAKEN is the reference of a contract of Harbour Office."),
        ({"incidents": "many"}, "Write a whole number."),
        ({"remind_days": "99999"}, "Give a number of days from 0 to 3650."),
        ({"others": "engineer(at)partner"}, "No mail address: engineer(at)partner."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    harbour: Organization, lena: Client, typed: dict[str, str], told: str
) -> None:
    signed(harbour, "TAKEN", starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1))
    answer = lena.post(f"{HERE}new/{harbour.pk}/", form(notes="Signed at the fair", **typed))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert told in words(text).replace("&quot;", '"'), words(text)
    assert ("Signed at the fair" in text and 'value="2027-03-31"' in text) or "ends_on" in typed
    assert Contract.objects.count() == 1


def test_an_overlap_is_said_with_which_governs_and_confirmed(harbour: Organization, lena: Client) -> None:
    basic = signed(harbour, "BASIC", plan="basic", ends_on=date(2026, 4, 30))
    address = f"{HERE}new/{harbour.pk}/"
    answer = lena.post(address, form())
    text = words(answer.content.decode())
    assert answer.status_code == 422 and Contract.objects.count() == 1
    assert "both are in force from Wednesday 1 April 2026, 00:00:00 BST until Friday 1 May 2026" in text
    assert "Then this one governs." in text
    # What somebody was told of another contract is no answer to this one.
    assert lena.post(address, form(overlap="999999")).status_code == 422
    assert f'name="overlap" value="{basic.pk}"' in answer.content.decode()
    assert lena.post(address, form(overlap=str(basic.pk))).status_code == 302
    assert "This contract governs." in words(
        page(lena.get(f"{HERE}{Contract.objects.get(reference='C-1').pk}/"))
    )
    worse = lena.post(address, form(reference="C-3", plan="basic", ends_on="2026-04-15"))
    assert "Then C-1 governs." in words(worse.content.decode())
    assert "Then BASIC governs." in words(worse.content.decode())


@pytest.mark.parametrize(
    "typed", [{"when": "day", "last_day": "2026-12-31"}, {"when": "day", "last_day": ""}]
)
def test_a_contract_is_not_ended_later_than_it_ends(
    harbour: Organization, lena: Client, typed: dict[str, str]
) -> None:
    contract = signed(harbour)
    assert lena.post(f"{HERE}{contract.pk}/end/", typed).status_code == 422
    contract.refresh_from_db()
    assert contract.cancelled_at is None


def test_hostile_words_stay_words(cast: Cast, harbour: Organization, lena: Client) -> None:
    Organization.objects.filter(pk=harbour.pk).update(name=HOSTILE[:100])
    harbour.refresh_from_db()
    Contact.objects.filter(pk=cast.amina.pk).update(name=HOSTILE[:100])
    contract = signed(harbour, HOSTILE[:40], technical_contacts=(cast.amina.address,), notes=HOSTILE)
    values = ContractValues(
        reference="=1+1", starts_on=contract.starts_on, ends_on=contract.ends_on, notes=HOSTILE
    )
    change_contract(contract.pk, values, by=HOSTILE, now=NOW)
    for address in ("", f"{contract.pk}/", f"{contract.pk}/change/", f"{contract.pk}/end/", "new/"):
        text = page(lena.get(HERE + address))
        assert "<script>alert" not in text and "<img src=x" not in text, address
