"""Which promise applies: cases told one by one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from upheld.rules.entitlement import Agreement, Asked, Because, Entitled, Held, Terms, decide, governing

RECEIVED = datetime(2026, 3, 20, 16, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANNA, PIET = 1, 2
HARBOUR, PORT = 10, 20
TERMS = Terms(plans=("premium", "basic"), default_plan="basic")
REQUIRED = replace(TERMS, contract_required=True)
NAMED = replace(TERMS, named_contact_only=True)


def contract(id: int = 1, **changes: object) -> Agreement:
    """One of Harbour's for every product, in force for a month around the receipt."""
    plain = Agreement(
        id=id,
        organization_id=HARBOUR,
        product="",
        plan="premium",
        starts_at=RECEIVED - timedelta(days=15),
        ends_at=RECEIVED + timedelta(days=15),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def asked(**changes: object) -> Asked:
    return replace(Asked(ANNA, (HARBOUR,), RECEIVED), **changes)  # type: ignore[arg-type]


def chosen(*contracts: Agreement, terms: Terms = TERMS, **changes: object) -> int | None:
    """Which contract applies."""
    outcome = decide(terms, asked(**changes), contracts)
    assert isinstance(outcome, Entitled), outcome
    return outcome.contract_id


def held(*contracts: Agreement, terms: Terms = REQUIRED, **changes: object) -> Because:
    outcome = decide(terms, asked(**changes), contracts)
    assert isinstance(outcome, Held), outcome
    return outcome.because


@pytest.mark.parametrize(
    ("starts", "ends", "in_force"),
    [
        (-SECOND, SECOND, True),
        (timedelta(), SECOND, True),
        (SECOND, 2 * SECOND, False),
        (-SECOND, timedelta(), False),
        (-SECOND, timedelta(microseconds=1), True),
        (timedelta(), timedelta(), False),
        (SECOND, -SECOND, False),
    ],
)
def test_a_contract_holds_from_its_first_instant_until_just_before_its_last(
    starts: timedelta, ends: timedelta, in_force: bool
) -> None:
    one = contract(starts_at=RECEIVED + starts, ends_at=RECEIVED + ends)
    if in_force:
        assert chosen(one, terms=REQUIRED) == 1
    else:
        assert held(one) is Because.not_in_force


def test_without_a_contract_the_default_plan_holds_or_the_request() -> None:
    assert decide(TERMS, asked(), ()) == Entitled(HARBOUR, None, "basic")
    assert decide(TERMS, asked(organizations=()), ()) == Entitled(None, None, "basic")
    assert decide(replace(TERMS, default_plan=""), asked(), ()) == Entitled(HARBOUR, None, "")
    assert decide(REQUIRED, asked(), ()) == Held(HARBOUR, Because.no_contract)
    assert decide(REQUIRED, asked(organizations=()), ()) == Held(None, Because.unknown_customer)
    assert decide(replace(TERMS, needs_contract=True), asked(), ()) == Held(HARBOUR, Because.no_contract)


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"product": ""}, {"product": "crm", "plan": "basic"}),
        ({"plan": "basic", "ends_at": RECEIVED + timedelta(days=99)}, {"plan": "premium"}),
        ({"ends_at": RECEIVED + timedelta(days=1)}, {"ends_at": RECEIVED + timedelta(days=2)}),
        ({"organization_id": PORT, "ends_at": RECEIVED + timedelta(days=99)}, {"organization_id": HARBOUR}),
        ({"organization_id": HARBOUR, "plan": "basic"}, {"organization_id": PORT, "plan": "premium"}),
        ({"plan": "forgotten"}, {"plan": "premium"}),
    ],
)
def test_one_of_two_governs_whatever_their_order(worse: dict[str, object], better: dict[str, object]) -> None:
    one, other = contract(1, **worse), contract(2, **better)
    details = {"product": "crm", "organizations": (HARBOUR, PORT)}
    assert chosen(one, other, **details) == chosen(other, one, **details) == 2
    assert governing(TERMS, asked(**details), [one, other]).id == 2


def test_of_two_that_are_alike_the_older_governs() -> None:
    assert chosen(contract(7), contract(3)) == 3


def test_a_plan_that_the_policy_no_longer_lists_gives_the_default_one_and_counts_as_it() -> None:
    assert decide(TERMS, asked(), [contract(plan="forgotten")]) == Entitled(HARBOUR, 1, "basic")
    assert decide(TERMS, asked(), [contract(plan="")]) == Entitled(HARBOUR, 1, "basic")
    assert chosen(contract(1, plan="forgotten"), contract(2, plan="basic")) == 1
    assert chosen(contract(1, plan="basic"), contract(2, plan="forgotten")) == 1


def test_who_names_no_product_is_covered_by_a_contract_for_any() -> None:
    assert chosen(contract(product="crm"), terms=REQUIRED) == 1
    assert chosen(contract(1, product="crm", plan="basic"), contract(2)) == 2
    assert held(contract(product="crm"), product="erp") is Because.not_for_product


def test_used_up_incidents_entitle_to_nothing_and_another_contract_takes_over() -> None:
    assert held(contract(incidents_left=0)) is Because.used_up
    assert chosen(contract(incidents_left=1), terms=REQUIRED) == 1
    assert chosen(contract(1, incidents_left=0), contract(2, plan="basic"), terms=REQUIRED) == 2


def test_a_contact_of_two_organizations_has_the_contracts_of_both_and_no_others() -> None:
    both = (HARBOUR, PORT)
    assert chosen(contract(organization_id=PORT), organizations=both, terms=REQUIRED) == 1
    assert held(contract(organization_id=PORT), organizations=(HARBOUR,)) is Because.no_contract
    assert held(contract(organization_id=30), organizations=both) is Because.no_contract


def test_what_is_for_the_named_contact_is_for_nobody_else_and_only_when_it_is_sure_who_asks() -> None:
    one = contract(technical_contacts=frozenset({ANNA}))
    assert chosen(one, terms=NAMED) == 1
    assert held(one, terms=NAMED, contact_id=PIET) is Because.not_the_named_contact
    assert held(one, terms=NAMED, is_confirmed=False) is Because.not_confirmed
    assert held(one, terms=NAMED, contact_id=PIET, is_confirmed=False) is Because.not_the_named_contact
    assert held(terms=NAMED) is Because.no_contract
    # Among several, the one in which they are named.
    assert chosen(contract(1), replace(one, id=2, plan="basic"), terms=NAMED) == 2
