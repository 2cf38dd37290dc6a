"""Contracts of a real desk: from when until when they hold, which tickets they carry, and that it stays so."""

import threading
import time
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from harness.cast import Cast, at, utc
from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import AuditEntry
from upheld.people.actions import (
    affiliate,
    cancel_contract,
    change_contract,
    find_or_add_contact,
    renew_contract,
    sign_contract,
)
from upheld.people.contract_lists import ContractFilter, ContractState, contracts_on, state_of
from upheld.people.contract_values import ContractOverlaps, ContractRefused, ContractValues
from upheld.people.contracts import reminds_at, renewals_of, term
from upheld.people.models import Contract, Organization
from upheld.policy import pack
from upheld.tickets.actions import reply
from upheld.tickets.incidents import incidents_used
from upheld.tickets.incoming import NewRequest
from upheld.tickets.intake import take_in
from upheld.tickets.models import HeldRequest, Ticket
from upheld.tickets.moment import Moment

SIGNED = utc("2026-01-02 09:00")


def desk_under(cast: Cast, name: str, zone: str = "Europe/London") -> Organization:
    """The desk comes under a shipped policy, in a zone; Amina belongs to Harbour Office."""
    publish_policy(cast.desk, pack(name), now=utc("2025-06-01 00:00"), by="tests")
    cast.desk.zone = zone
    cast.desk.save()
    organization = Organization.objects.create(desk=cast.desk, name="Harbour Office")
    affiliate(cast.amina.pk, organization.pk, is_main=True, by="tests", now=SIGNED)
    return organization


@pytest.fixture
def harbour(cast: Cast) -> Organization:
    return desk_under(cast, "success-plans")


def values(reference: str = "C-1", **changes: Any) -> ContractValues:
    plain = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "plan": "premium"}
    return ContractValues(reference=reference, **{**plain, **changes})


def signed(organization: Organization, reference: str = "C-1", **changes: Any) -> Contract:
    """Enter a contract, whatever it overlaps."""
    others = Contract.objects.values_list("pk", flat=True)
    return sign_contract(organization, values(reference, **changes), overlaps=others, by="Lena", now=SIGNED)


def asks(cast: Cast, received: datetime, **details: Any) -> Ticket | HeldRequest:
    plain = {"contact": cast.amina, "subject": "A question", "text": "How?", "channel": "email"}
    request = NewRequest(desk=cast.desk, received_at=received, **{**plain, **details})
    return take_in(request, Moment.exactly(received))


# From when until when.


@pytest.mark.parametrize(
    ("zone", "first", "last", "starts", "ends"),
    [
        ("Europe/London", "2026-01-01", "2026-12-31", "2026-01-01 00:00", "2027-01-01 00:00"),
        # The clocks go forward on the first day and back on the last: 23 and 25 hours.
        ("Europe/London", "2026-03-29", "2026-03-29", "2026-03-29 00:00", "2026-03-29 23:00"),
        ("Europe/London", "2026-10-25", "2026-10-25", "2026-10-24 23:00", "2026-10-26 00:00"),
        ("America/Los_Angeles", "2026-03-08", "2026-11-01", "2026-03-08 08:00", "2026-11-02 08:00"),
        # Here the clocks go forward at midnight itself, so the day begins at one.
        ("America/Santiago", "2026-09-06", "2026-09-06", "2026-09-06 04:00", "2026-09-07 03:00"),
        ("Asia/Kolkata", "2026-02-28", "2026-02-28", "2026-02-27 18:30", "2026-02-28 18:30"),
    ],
)
def test_a_contract_holds_from_midnight_to_midnight_of_its_desk(
    cast: Cast, zone: str, first: str, last: str, starts: str, ends: str
) -> None:
    harbour = desk_under(cast, "success-plans", zone)
    days = {"starts_on": date.fromisoformat(first), "ends_on": date.fromisoformat(last)}
    assert term(signed(harbour, **days)) == (utc(starts), utc(ends))


def test_a_request_in_the_last_second_is_covered_and_one_at_midnight_is_not(cast: Cast) -> None:
    harbour = desk_under(cast, "maintenance-contract", "America/Los_Angeles")
    contract = signed(harbour, plan="", starts_on=date(2026, 3, 8), ends_on=date(2026, 11, 1))
    starts, ends = term(contract)
    moment = timedelta(microseconds=1)
    for received, covered in ((starts - moment, False), (starts, True), (ends - moment, True), (ends, False)):
        outcome = asks(cast, received)
        assert isinstance(outcome, Ticket) is covered, received
        if covered:
            assert outcome.contract == contract


def test_a_cancelled_contract_covers_what_came_before(cast: Cast) -> None:
    harbour = desk_under(cast, "maintenance-contract")
    contract = signed(harbour, plan="")
    cancelled_at = utc("2026-03-20 10:00")
    cancel_contract(contract.pk, by="Lena", now=cancelled_at)
    second = timedelta(seconds=1)
    assert isinstance(asks(cast, cancelled_at - second), Ticket)
    late = asks(cast, cancelled_at)
    assert isinstance(late, HeldRequest) and "in force" in late.because
    with pytest.raises(ContractRefused):
        cancel_contract(contract.pk, by="Lena", now=cancelled_at + second)


def test_a_contract_that_is_cancelled_before_it_begins_never_holds(cast: Cast) -> None:
    harbour = desk_under(cast, "maintenance-contract")
    contract = signed(harbour, plan="", starts_on=date(2026, 6, 1))
    contract = cancel_contract(contract.pk, by="Lena", now=utc("2026-03-20 10:00"))
    assert isinstance(asks(cast, utc("2026-06-02 10:00")), HeldRequest)
    assert state_of(contract, utc("2026-06-02 10:00"), renewed=False) is ContractState.ended


# Which contract carries a ticket, and that it stays.


def test_the_contract_in_force_at_receipt_is_pinned_to_the_ticket(cast: Cast, harbour: Organization) -> None:
    contract = signed(harbour)
    ticket = asks(cast, utc("2026-03-20 10:00"))
    assert isinstance(ticket, Ticket)
    assert (ticket.contract, ticket.plan, ticket.organization) == (contract, "premium", harbour)
    standing = ticket.standing
    now = utc("2026-03-20 11:00")
    change_contract(contract.pk, values(plan="basic", ends_on=date(2026, 3, 1)), by="Lena", now=now)
    signed(harbour, "C-2", plan="premium", ends_on=date(2027, 12, 31))
    change_contract(
        contract.pk,
        values(plan="basic"),
        overlaps=Contract.objects.values_list("pk", flat=True),
        by="Lena",
        now=now,
    )
    cancel_contract(contract.pk, by="Lena", now=now)
    reply(ticket.pk, cast.bob, "Like this.", at("2026-03-20 12:00"))
    ticket.refresh_from_db()
    assert (ticket.contract, ticket.plan) == (contract, "premium")
    assert ticket.standing != standing  # it did go on
    later = asks(cast, utc("2026-03-20 12:00"))
    assert isinstance(later, Ticket) and later.contract.reference == "C-2"


def test_one_for_the_product_goes_before_one_for_all(cast: Cast) -> None:
    harbour = desk_under(cast, "maintenance-contract")
    general = signed(harbour, "ALL", plan="", ends_on=date(2029, 12, 31))
    special = signed(harbour, "CALLS", plan="", product="call_tracking")
    received = utc("2026-03-20 18:00")
    for product, contract in (("call_tracking", special), ("service_management", general)):
        ticket = asks(cast, received, product=product)
        assert isinstance(ticket, Ticket) and ticket.contract == contract


def test_somebody_of_two_organizations_is_helped_under_the_better_contract(
    cast: Cast, harbour: Organization
) -> None:
    port = Organization.objects.create(desk=cast.desk, name="Port Logistics")
    affiliate(cast.amina.pk, port.pk, by="tests", now=SIGNED)
    signed(harbour, "H", plan="basic")
    better = signed(port, "P", plan="premium")
    ticket = asks(cast, utc("2026-03-20 10:00"))
    assert isinstance(ticket, Ticket) and (ticket.contract, ticket.organization) == (better, port)
    stated = asks(cast, utc("2026-03-20 10:05"), organization=harbour)
    assert isinstance(stated, Ticket) and stated.contract.reference == "H"


def test_what_is_for_the_named_contact_goes_to_them_alone(cast: Cast) -> None:
    harbour = desk_under(cast, "maintenance-contract")
    piet = find_or_add_contact("piet@school.example.org", "Piet", SIGNED)
    affiliate(piet.pk, harbour.pk, by="tests", now=SIGNED)
    signed(harbour, plan="", technical_contacts=(" Piet@School.example.org ",))
    received = utc("2026-03-20 18:00")
    wants = {"request_type": "version_upgrade", "confirmed": True}
    assert isinstance(asks(cast, received, **wants), HeldRequest)
    assert isinstance(asks(cast, received, **(wants | {"contact": piet})), Ticket)


# Incidents.


def test_the_last_incident_is_used_once(cast: Cast) -> None:
    harbour = desk_under(cast, "maintenance-contract")
    contract = signed(harbour, plan="", incidents=2)
    outcomes = [asks(cast, utc(f"2026-03-20 18:0{minute}")) for minute in range(3)]
    assert [isinstance(each, Ticket) for each in outcomes] == [True, True, False]
    assert incidents_used([contract.pk]) == {contract.pk: 2}
    assert "used up" in outcomes[-1].because


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_gets_the_last_incident(cast: Cast) -> None:
    harbour = desk_under(cast, "maintenance-contract")
    signed(harbour, plan="", incidents=1)
    ready, outcomes = threading.Barrier(2, timeout=20), []

    def ask() -> None:
        try:
            ready.wait()
            outcomes.append(asks(cast, utc("2026-03-20 18:00")))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(each).__name__ for each in outcomes) == ["HeldRequest", "Ticket"]


@pytest.mark.django_db(transaction=True)
def test_a_request_that_waited_for_another_sees_what_the_other_did_to_the_contract(cast: Cast) -> None:
    """Somebody ends a counted contract while a request waits for it: the request is not carried by what was."""
    harbour = desk_under(cast, "maintenance-contract")
    contract = signed(harbour, plan="", incidents=5)
    outcomes: list[Any] = []

    def ask() -> None:
        try:
            outcomes.append(asks(cast, utc("2026-03-20 18:00")))
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    with transaction.atomic():
        cancel_contract(contract.pk, by="Lena", now=utc("2026-03-20 17:00"))
        thread.start()
        _until_somebody_waits()
    thread.join(20)
    assert [type(each).__name__ for each in outcomes] == ["HeldRequest"]


def _until_somebody_waits() -> None:
    """Until another connection waits for what this transaction holds."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
    pytest.fail("nobody waits")


# Signing and changing.


def test_overlaps_are_allowed_when_each_is_known(harbour: Organization) -> None:
    first = signed(harbour, "C-1", plan="basic")
    cancel_contract(signed(harbour, "C-0").pk, last_day=date(2026, 1, 31), by="Lena", now=SIGNED)
    with pytest.raises(ContractOverlaps) as told:
        sign_contract(harbour, values("C-2", starts_on=date(2026, 2, 1)), by="Lena", now=SIGNED)
    [overlap] = told.value.overlaps  # the cancelled one is over by then
    assert (overlap.other, overlap.yields) == (first, True)
    assert (overlap.begins_at, overlap.ends_at) == (utc("2026-02-01 00:00"), utc("2027-01-01 00:00"))
    sign_contract(
        harbour, values("C-2", starts_on=date(2026, 2, 1)), overlaps=[first.pk], by="Lena", now=SIGNED
    )
    # One that follows to the day, and one for another organization, overlap nothing.
    after = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}
    sign_contract(harbour, values("C-3", **after), by="Lena", now=SIGNED)
    port = Organization.objects.create(desk=harbour.desk, name="Port Logistics")
    sign_contract(port, values("P-1"), by="Lena", now=SIGNED)


def test_a_change_that_moves_nothing_asks_nothing_and_is_told_as_it_is(harbour: Organization) -> None:
    contract = signed(harbour, "C-1")
    signed(harbour, "C-2")
    before = AuditEntry.objects.count()
    change_contract(contract.pk, values("C-1"), by="Lena", now=SIGNED)
    assert AuditEntry.objects.count() == before
    change_contract(contract.pk, values("C-1", incidents=3), by="Lena", now=SIGNED)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.data["changes"]) == ("contract changed", {"incidents": [None, 3]})
    with pytest.raises(ContractOverlaps):
        change_contract(contract.pk, values("C-1", plan="basic"), by="Lena", now=SIGNED)


def test_what_a_contract_holds_may_stay_when_the_policy_no_longer_has_it(
    cast: Cast, harbour: Organization
) -> None:
    contract = signed(harbour)
    Contract.objects.filter(pk=contract.pk).update(plan="gold", product="boats")
    change_contract(contract.pk, values(plan="gold", product="boats", incidents=1), by="Lena", now=SIGNED)
    with pytest.raises(ContractRefused) as refused:
        change_contract(contract.pk, values(plan="silver"), by="Lena", now=SIGNED)
    assert refused.value.problems.keys() == {"plan"}
    assert "basic, premium" in refused.value.problems["plan"]
    ticket = asks(cast, utc("2026-03-20 10:00"))
    assert isinstance(ticket, Ticket) and ticket.plan == "basic"


def test_a_reference_is_used_once_on_a_desk_and_again_on_another(cast: Cast, harbour: Organization) -> None:
    signed(harbour, "C-1")
    later = {"starts_on": date(2028, 1, 1), "ends_on": date(2028, 2, 1)}
    with pytest.raises(ContractRefused) as refused:
        sign_contract(harbour, values("C-1", **later), by="Lena", now=SIGNED)
    assert "Harbour Office" in refused.value.problems["reference"]
    other = create_desk(
        slug="o", name="O", prefix="OO", zone="UTC", address="o@o.example", by="tests", now=SIGNED
    )
    elsewhere = Organization.objects.create(desk=other, name="Harbour Office")
    sign_contract(elsewhere, values("C-1", plan=""), by="Lena", now=SIGNED)


# How it stands.


def test_lists_and_pages_agree_on_how_a_contract_stands(harbour: Organization) -> None:
    """Over every day of two months, by the list's condition and by the contract's own."""
    for number, (first, last, remind) in enumerate([(10, 20, 5), (1, 9, 60), (15, 28, 0), (5, 6, 1)]):
        days = {"starts_on": date(2026, 2, first), "ends_on": date(2026, 2, last), "remind_days": remind}
        signed(harbour, f"C-{number}", **days)
    cancel_contract(
        Contract.objects.get(reference="C-2").pk,
        last_day=date(2026, 2, 20),
        by="L",
        now=utc("2026-02-16 08:00"),
    )
    for hour in range(0, 31 * 24, 6):
        now = utc("2026-02-01 00:00") + timedelta(hours=hour)
        lists = {
            state: set(contracts_on([harbour.desk], ContractFilter(state=state), now))
            for state in ContractState
        }
        for contract in Contract.objects.select_related("desk"):
            state = state_of(contract, now, renewed=renewals_of(contract).exists())
            on = {each for each, listed in lists.items() if contract in listed}
            expected = {state, ContractState.in_force} if state is ContractState.ending else {state}
            assert on == expected, (contract, now)
            starts_at, ends_at = term(contract)
            assert (ContractState.in_force in on) == (starts_at <= now < ends_at)


def test_a_reminder_is_due_at_the_beginning_of_the_desks_day(cast: Cast) -> None:
    harbour = desk_under(cast, "success-plans", "America/Los_Angeles")
    assert reminds_at(signed(harbour, remind_days=30)) == utc("2026-12-01 08:00")
    assert reminds_at(signed(harbour, "C-2", remind_days=0)) == utc("2026-12-31 08:00")


def test_a_renewal_is_told_of_both(harbour: Organization) -> None:
    former = signed(harbour)
    after = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}
    renewal = renew_contract(former.pk, values("C-2", **after), by="Lena", now=SIGNED)
    assert list(renewals_of(former)) == [renewal] and not renewals_of(renewal).exists()
    told = (
        AuditEntry.objects.filter(action="contract renewed")
        .order_by("pk")
        .values_list("data__contract", flat=True)
    )
    assert set(told) == {former.pk, renewal.pk}
