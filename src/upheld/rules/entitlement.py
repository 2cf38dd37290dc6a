"""Which promise applies: the contract in force at receipt, the plan that it gives, or the hold at intake.

The stated rule for contracts that overlap: one for the very product beats one for every product; then the plan that the
policy lists first; then, of somebody who belongs to several organizations, that of the main one; then the one that ends
last; then the older one. A contract whose plan the policy does not list gives the default plan, and counts as that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Agreement:
    """A contract as a value. It is in force from `starts_at` until just before `ends_at`, both in UTC.

    An empty `product` means every product; `incidents_left` None that there is no limit.
    """

    id: int
    organization_id: int
    product: str
    plan: str
    starts_at: datetime
    ends_at: datetime
    incidents_left: int | None = None
    technical_contacts: frozenset[int] = frozenset()

    def in_force(self, at: datetime) -> bool:
        """Whether it is in force at an instant: a request received at the very end is no longer covered."""
        return self.starts_at <= at < self.ends_at

    def covers(self, product: str) -> bool:
        """Whether it is about a product. Of a request that names none it is not known, and any contract covers it."""
        return not self.product or not product or self.product == product


@dataclass(frozen=True, slots=True)
class Terms:
    """What the policy says of entitlement. `plans` are its plans, the best first; `needs_contract` and
    `named_contact_only` are those of the kind of request."""

    contract_required: bool = False
    plans: Sequence[str] = ()
    default_plan: str = ""
    needs_contract: bool = False
    named_contact_only: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what, and when we received it. `organizations` are those of the contact, the main one first; where
    the request itself states one that is theirs, that one alone. `is_confirmed` says that the contact was shown to be
    who they say: what is for one person only is never granted to an address that anybody could have typed."""

    contact_id: int
    organizations: Sequence[int]
    received_at: datetime
    product: str = ""
    is_confirmed: bool = True


class Because(StrEnum):
    """Why a request is held. These words are for agents only."""

    unknown_customer = "nobody knows which organization the sender belongs to"
    no_contract = "the organization has no contract"
    not_for_product = "no contract of the organization covers this product"
    not_in_force = "no contract of the organization was in force at receipt"
    used_up = "the incidents of the contract are used up"
    not_confirmed = "nothing shows that the technical contact named in the contract sent it"
    not_the_named_contact = "only the technical contact named in the contract may ask for this"


@dataclass(frozen=True, slots=True)
class Entitled:
    """The request may have its number: under a contract, or under the default plan without one."""

    organization_id: int | None
    contract_id: int | None
    plan: str


@dataclass(frozen=True, slots=True)
class Held:
    """The request is held without a number."""

    organization_id: int | None
    because: Because


def decide(terms: Terms, asked: Asked, agreements: Iterable[Agreement]) -> Entitled | Held:
    """Return which promise applies to a request, by the contracts in force at its receipt."""
    known = [each for each in agreements if each.organization_id in asked.organizations]
    main = asked.organizations[0] if asked.organizations else None
    usable = [
        each
        for each in known
        if each.covers(asked.product) and each.in_force(asked.received_at) and each.incidents_left != 0
    ]
    if terms.named_contact_only:
        usable = [each for each in usable if asked.contact_id in each.technical_contacts]
    if usable:
        best = governing(terms, asked, usable)
        if terms.named_contact_only and not asked.is_confirmed:
            return Held(best.organization_id, Because.not_confirmed)
        return Entitled(best.organization_id, best.id, _plan(best, terms))
    if terms.contract_required or terms.needs_contract or terms.named_contact_only:
        return Held(main, _because(terms, asked, known))
    return Entitled(main, None, terms.default_plan)


def governing(terms: Terms, asked: Asked, agreements: Iterable[Agreement]) -> Agreement:
    """Return which of several agreements that cover a request governs it, by the stated rule."""
    return min(agreements, key=lambda each: _preference(each, terms, asked))


def _plan(agreement: Agreement, terms: Terms) -> str:
    return agreement.plan if agreement.plan in terms.plans else terms.default_plan


def _preference(agreement: Agreement, terms: Terms, asked: Asked) -> tuple[bool, int, int, float, int]:
    plans, given = list(terms.plans), _plan(agreement, terms)
    plan = plans.index(given) if given in plans else len(plans)
    place = list(asked.organizations).index(agreement.organization_id)
    return (
        bool(asked.product) and agreement.product != asked.product,
        plan,
        place,
        -agreement.ends_at.timestamp(),
        agreement.id,
    )


def _because(terms: Terms, asked: Asked, known: Sequence[Agreement]) -> Because:
    """The first thing that is missing, in the order in which somebody would look for it."""
    if not asked.organizations:
        return Because.unknown_customer
    if not known:
        return Because.no_contract
    covering = [each for each in known if each.covers(asked.product)]
    if not covering:
        return Because.not_for_product
    in_force = [each for each in covering if each.in_force(asked.received_at)]
    if not in_force:
        return Because.not_in_force
    if all(each.incidents_left == 0 for each in in_force):
        return Because.used_up
    return Because.not_the_named_contact
