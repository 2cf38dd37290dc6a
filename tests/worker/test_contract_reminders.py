"""Before a contract ends, the desk is told of it: once, at the right hour, the right people."""

from datetime import date, timedelta

import pytest

from harness.cast import Cast, utc
from upheld.desks.actions import publish_policy
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice
from upheld.people.actions import cancel_contract, change_contract, renew_contract, sign_contract
from upheld.people.contract_values import ContractValues
from upheld.people.models import Absence, Contract, Membership, Organization, RoleHolder
from upheld.policy import pack
from upheld.tickets.actions import remind_of_contracts
from upheld.worker.housekeeping import tidy

SIGNED = utc("2026-01-02 09:00")
# Thirty days before the last day, at midnight of London's summer.
REMINDED = utc("2026-06-30 23:00")


@pytest.fixture
def contract(cast: Cast) -> Contract:
    """Until the last day of July, under a policy in which every organization has a manager of its own."""
    publish_policy(cast.desk, pack("success-plans"), now=utc("2025-06-01 00:00"), by="tests")
    harbour = Organization.objects.create(desk=cast.desk, name="Harbour Office")
    return sign_contract(harbour, values(), by="Lena", now=SIGNED)


def values(reference: str = "C-1", **changes: object) -> ContractValues:
    plain = {
        "starts_on": date(2025, 8, 1),
        "ends_on": date(2026, 7, 31),
        "plan": "premium",
        "remind_days": 30,
    }
    return ContractValues(reference=reference, **(plain | changes))  # type: ignore[arg-type]


def told() -> list[str]:
    return list(
        Notice.objects.filter(kind="contract_ending").order_by("pk").values_list("to_address", flat=True)
    )


def test_the_desk_is_told_once_at_the_beginning_of_its_day(cast: Cast, contract: Contract) -> None:
    assert remind_of_contracts(REMINDED - timedelta(microseconds=1)) == 0
    assert remind_of_contracts(REMINDED) == 1
    assert remind_of_contracts(REMINDED) == remind_of_contracts(REMINDED + timedelta(days=9)) == 0
    assert told() == [cast.lena.address]


def test_a_worker_that_was_away_still_tells_of_it_until_the_end(contract: Contract) -> None:
    ends_at = utc("2026-07-31 23:00")
    assert remind_of_contracts(ends_at) == 0
    assert remind_of_contracts(ends_at - timedelta(seconds=1)) == 1


def test_who_looks_after_the_organization_is_told_and_nobody_else(cast: Cast, contract: Contract) -> None:
    other = Organization.objects.create(desk=cast.desk, name="Port Logistics")
    role = {"desk": cast.desk, "role": "customer_success_manager"}
    RoleHolder.objects.create(**role, agent=cast.ada, organization=other)
    RoleHolder.objects.create(**role, agent=cast.bob, organization=contract.organization)
    RoleHolder.objects.create(**role, agent=cast.ada, organization=contract.organization, rank=1)
    RoleHolder.objects.create(desk=cast.desk, role="chief_executive_officer", agent=cast.lena)
    remind_of_contracts(REMINDED)
    assert told() == [cast.bob.address]


def test_a_deputy_is_told_while_the_holder_is_away(cast: Cast, contract: Contract) -> None:
    role = {"desk": cast.desk, "role": "customer_success_manager", "organization": contract.organization}
    RoleHolder.objects.create(**role, agent=cast.bob)
    RoleHolder.objects.create(**role, agent=cast.ada, rank=1)
    Absence.objects.create(
        agent=cast.bob, starts_at=REMINDED - timedelta(days=1), ends_at=REMINDED + timedelta(days=1)
    )
    remind_of_contracts(REMINDED)
    assert told() == [cast.ada.address]


def test_without_leads_it_goes_to_the_administrators(cast: Cast, contract: Contract) -> None:
    Membership.objects.filter(agent=cast.lena).delete()
    remind_of_contracts(REMINDED)
    assert told() == [cast.ada.address]


def test_a_renewal_silences_it_and_one_of_another_product_does_not(contract: Contract) -> None:
    after = {"starts_on": date(2026, 8, 1), "ends_on": date(2027, 7, 31)}
    renewal = renew_contract(contract.pk, values("C-2", **after), by="Lena", now=SIGNED)
    assert remind_of_contracts(REMINDED) == 0
    Contract.objects.filter(pk=renewal.pk).update(product="elsewhere")
    assert remind_of_contracts(REMINDED) == 1


def test_a_cancelled_renewal_silences_nothing_and_a_cancelled_contract_is_not_told_of(
    contract: Contract,
) -> None:
    after = {"starts_on": date(2026, 8, 1), "ends_on": date(2027, 7, 31)}
    renewal = renew_contract(contract.pk, values("C-2", **after), by="Lena", now=SIGNED)
    cancel_contract(renewal.pk, by="Lena", now=SIGNED)
    assert remind_of_contracts(REMINDED) == 1
    Notice.objects.all().delete()
    cancel_contract(contract.pk, last_day=date(2026, 7, 15), by="Lena", now=SIGNED)
    assert remind_of_contracts(REMINDED) == 0


def test_another_end_is_told_of_again(contract: Contract) -> None:
    remind_of_contracts(REMINDED)
    change_contract(contract.pk, values(ends_on=date(2026, 12, 31)), by="Lena", now=REMINDED)
    assert remind_of_contracts(REMINDED) == 0
    assert remind_of_contracts(utc("2026-12-01 00:00")) == 1


def test_the_letter_names_contract_end_and_the_way_to_its_page(contract: Contract) -> None:
    remind_of_contracts(REMINDED)
    text = render(Notice.objects.get(kind="contract_ending")).decode()
    assert "Subject: A contract of Harbour Office ends soon: C-1" in text
    assert "its last day is Friday 31 July 2026." in " ".join(text.replace("=\r\n", "").split())
    assert "Premium Success Plan" in text and "Saturday 1 August 2026, 00:00" in text
    assert f"/customers/contracts/{contract.pk}/" in text


@pytest.mark.django_db(transaction=True)
def test_the_workers_housekeeping_looks_after_it(contract: Contract) -> None:
    tidy(REMINDED)
    tidy(REMINDED + timedelta(minutes=10))
    assert len(told()) == 1
