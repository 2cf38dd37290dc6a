"""Which promise applies, against a judge who compares every contract with every other and shares no code with the
rule."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from upheld.rules.entitlement import Agreement, Asked, Because, Entitled, Held, Terms, decide

START = datetime(2026, 3, 1, tzinfo=UTC)
HOURS = st.integers(0, 8).map(lambda hours: START + timedelta(hours=hours))
PRODUCTS = st.sampled_from(["", "crm", "erp"])
PLANS = st.sampled_from(["", "gold", "silver", "lead"])

terms_of_policies = st.builds(
    Terms,
    contract_required=st.booleans(),
    plans=st.lists(st.sampled_from(["gold", "silver"]), unique=True),
    default_plan=st.sampled_from(["", "silver", "gold"]),
    needs_contract=st.booleans(),
    named_contact_only=st.booleans(),
)
requests = st.builds(
    Asked,
    contact_id=st.integers(1, 3),
    organizations=st.lists(st.integers(1, 3), unique=True, max_size=3),
    received_at=HOURS,
    product=PRODUCTS,
    is_confirmed=st.booleans(),
)
contracts = st.lists(
    st.builds(
        Agreement,
        id=st.integers(1, 50),
        organization_id=st.integers(1, 4),
        product=PRODUCTS,
        plan=PLANS,
        starts_at=HOURS,
        ends_at=HOURS,
        incidents_left=st.none() | st.integers(0, 2),
        technical_contacts=st.frozensets(st.integers(1, 3)),
    ),
    max_size=6,
    unique_by=lambda each: each.id,
)


def pays(terms: Terms, asked: Asked, each: Agreement) -> bool:
    """Whether a contract by itself would carry the request."""
    theirs = any(each.organization_id == organization for organization in asked.organizations)
    begun, over = not asked.received_at < each.starts_at, not asked.received_at < each.ends_at
    fits = each.product in ("", asked.product) or asked.product == ""
    has_some = each.incidents_left is None or each.incidents_left > 0
    named = not terms.named_contact_only or any(one == asked.contact_id for one in each.technical_contacts)
    return theirs and begun and not over and fits and has_some and named


def beats(terms: Terms, asked: Asked, one: Agreement, other: Agreement) -> bool:
    """Whether one contract goes before another, by the first thing in which they differ."""
    if asked.product:
        if one.product == asked.product and other.product != asked.product:
            return True
        if other.product == asked.product and one.product != asked.product:
            return False
    for plan in terms.plans:
        ours, theirs = gives(terms, one) == plan, gives(terms, other) == plan
        if ours != theirs:
            return ours
    for organization in asked.organizations:
        ours, theirs = one.organization_id == organization, other.organization_id == organization
        if ours != theirs:
            return ours
    if one.ends_at != other.ends_at:
        return one.ends_at > other.ends_at
    return one.id < other.id


def gives(terms: Terms, each: Agreement) -> str:
    for plan in terms.plans:
        if plan == each.plan:
            return plan
    return terms.default_plan


@given(terms_of_policies, requests, contracts)
def test_the_rule_and_a_judge_agree(terms: Terms, asked: Asked, all: list[Agreement]) -> None:
    paying = [each for each in all if pays(terms, asked, each)]
    winners = [
        one
        for one in paying
        if not any(beats(terms, asked, other, one) for other in paying if other is not one)
    ]
    outcome = decide(terms, asked, all)
    if paying and terms.named_contact_only and not asked.is_confirmed:
        [winner] = winners
        assert outcome == Held(winner.organization_id, Because.not_confirmed)
    elif paying:
        [winner] = winners
        assert outcome == Entitled(winner.organization_id, winner.id, gives(terms, winner))
    elif terms.contract_required or terms.needs_contract or terms.named_contact_only:
        assert isinstance(outcome, Held)
        assert outcome.organization_id == (asked.organizations[0] if asked.organizations else None)
    else:
        main = asked.organizations[0] if asked.organizations else None
        assert outcome == Entitled(main, None, terms.default_plan)


@given(terms_of_policies, requests, contracts)
def test_the_order_in_which_contracts_are_told_decides_nothing(
    terms: Terms, asked: Asked, all: list[Agreement]
) -> None:
    assert decide(terms, asked, all) == decide(terms, asked, list(reversed(all)))


@given(terms_of_policies, requests, contracts)
def test_a_contract_of_somebody_else_changes_nothing(
    terms: Terms, asked: Asked, all: list[Agreement]
) -> None:
    theirs = [each for each in all if each.organization_id in asked.organizations]
    assert decide(terms, asked, all) == decide(terms, asked, theirs)
