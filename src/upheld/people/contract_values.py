"""What makes a contract: its values, checked against the policy in force, and the contracts that it overlaps."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from upheld.desks.models import Desk
from upheld.desks.policies import NoPolicyInForce, version_in_force
from upheld.desks.policy_documents import document_of
from upheld.people.contracts import plan_terms, term
from upheld.people.models import Contract, Organization
from upheld.people.particulars import known
from upheld.people.refused import CustomerRefused
from upheld.people.vocabulary import Vocabulary, words_of
from upheld.policy.document import Document
from upheld.rules.entitlement import Agreement, Asked, governing
from upheld.rules.one_line import one_line

FIRST_YEAR, LAST_YEAR = 1970, 2200
LONGEST_REFERENCE = 60
MOST_INCIDENTS = 1_000_000
MOST_REMIND_DAYS = 3_650
MOST_TECHNICAL_CONTACTS = 200
# A contract that is not stored yet is younger than all that are.
_YOUNGEST = sys.maxsize


class ContractRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """What was given makes no contract. `problems` says what to mend, by the name of the value."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractValues:
    """A contract as somebody wants it; `technical_contacts` are addresses."""

    reference: str
    starts_on: date
    ends_on: date
    product: str = ""
    plan: str = ""
    incidents: int | None = None
    technical_contacts: tuple[str, ...] = ()
    remind_days: int = 60
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Overlap:
    """A contract of the same organization and product that is in force at the same time as a wanted one. In the common
    stretch the `other` governs, unless `yields`."""

    other: Contract
    begins_at: datetime
    ends_at: datetime
    yields: bool


class ContractOverlaps(Exception):  # noqa: N818 - it reads as the sentence it is
    """There are overlapping contracts; whoever wants that says that they know of each."""

    def __init__(self, overlaps: Sequence[Overlap]) -> None:
        super().__init__(", ".join(each.other.reference for each in overlaps))
        self.overlaps = tuple(overlaps)


def document_in_force(desk: Desk, now: datetime) -> Document | None:
    """Return the document of the policy in force on a desk; None where there is none."""
    try:
        return document_of(version_in_force(desk, now).pk)
    except NoPolicyInForce:
        return None


def checked(
    desk: Desk, values: ContractValues, document: Document | None, *, held: Contract | None = None
) -> ContractValues:
    """Return the values as they are stored; raises ContractRefused. What the contract `held` already is may stay,
    although the policy no longer lists it."""
    values = replace(
        values,
        reference=one_line(values.reference, LONGEST_REFERENCE),
        technical_contacts=tuple(dict.fromkeys(each.strip().lower() for each in values.technical_contacts)),
        notes=values.notes.strip(),
    )
    words = words_of(document) if document else Vocabulary()
    problems = {"reference": _of_reference(desk, values, held), **problems_of(values, words, held=held)}
    if problems := {name: said for name, said in problems.items() if said}:
        raise ContractRefused(problems)
    return values


def problems_of(values: ContractValues, words: Vocabulary, *, held: Contract | None = None) -> dict[str, str]:
    """Return what has to be mended in the values alone, by their names."""
    problems = {
        "product": _of_choice("product", values.product, words.products, held.product if held else ""),
        "plan": _of_choice("plan", values.plan, words.plans, held.plan if held else ""),
        **_of_days(values),
        **_of_numbers(values),
        "technical_contacts": _of_addresses(values.technical_contacts),
    }
    return {name: said for name, said in problems.items() if said}


def overlaps_of(wanted: Contract, others: Iterable[Contract], document: Document | None) -> list[Overlap]:
    """Return which of the other contracts are for the same organization and product at the same time as a wanted one,
    and which governs then by the rule of `upheld.rules.entitlement`. The wanted one need not be stored."""
    ours, terms, found = _in_force(wanted), plan_terms(document), []
    for other in others:
        theirs = _in_force(other)
        begins, ends = max(ours.starts_at, theirs.starts_at), min(ours.ends_at, theirs.ends_at)
        if other.product != wanted.product or begins >= ends:
            continue
        asked = Asked(0, [wanted.organization_id], begins, wanted.product)
        yields = governing(terms, asked, [ours, theirs]) is ours
        found.append(Overlap(other, begins, ends, yields))
    return sorted(found, key=lambda each: (each.begins_at, each.ends_at))


def overlapping(
    organization: Organization, values: ContractValues, but: Contract | None
) -> QuerySet[Contract]:
    """Return the contracts of an organization that may overlap one with these values."""
    others = Contract.objects.filter(organization=organization, product=values.product)
    others = others.filter(starts_on__lte=values.ends_on, ends_on__gte=values.starts_on)
    return others.exclude(pk=but.pk if but else None).select_related("desk", "organization")


def _in_force(contract: Contract) -> Agreement:
    starts_at, ends_at = term(contract)
    return Agreement(
        id=contract.pk or _YOUNGEST,
        organization_id=contract.organization_id,
        product=contract.product,
        plan=contract.plan,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _of_reference(desk: Desk, values: ContractValues, held: Contract | None) -> str:
    if not values.reference:
        return _("Give the contract a reference, such as the number that stands on it.")
    used = Contract.objects.filter(desk=desk, reference=values.reference).exclude(
        pk=held.pk if held else None
    )
    other = used.select_related("organization").first()
    if other is None:
        return ""
    said = {"reference": values.reference, "organization": other.organization.name}
    return _("%(reference)s is the reference of a contract of %(organization)s. Choose another one.") % said


def _of_choice(what: str, id: str, words: Mapping[str, str], held: str) -> str:
    if id == held:
        return ""
    try:
        known(what, id, words)
    except CustomerRefused as refused:
        return str(refused)
    return ""


def _of_days(values: ContractValues) -> dict[str, str]:
    bounds = {"first": FIRST_YEAR, "last": LAST_YEAR}
    for name in ("starts_on", "ends_on"):
        if not FIRST_YEAR <= getattr(values, name).year <= LAST_YEAR:
            return {name: _("Choose a day of the years %(first)s to %(last)s.") % bounds}
    if values.ends_on < values.starts_on:
        return {"ends_on": _("The last day is before the first. Choose a later one.")}
    return {}


def _of_numbers(values: ContractValues) -> dict[str, str]:
    problems = {}
    if values.incidents is not None and not 0 <= values.incidents <= MOST_INCIDENTS:
        said = _("Give a number from 0 to %(most)s, or leave it empty.")
        problems["incidents"] = said % {"most": MOST_INCIDENTS}
    if not 0 <= values.remind_days <= MOST_REMIND_DAYS:
        problems["remind_days"] = _("Give a number of days from 0 to %(most)s.") % {"most": MOST_REMIND_DAYS}
    return problems


def _of_addresses(addresses: Sequence[str]) -> str:
    if len(addresses) > MOST_TECHNICAL_CONTACTS:
        return _("Name at most %(most)s technical contacts.") % {"most": MOST_TECHNICAL_CONTACTS}
    wrong = [each[:80] for each in addresses if not is_address(each)]
    if not wrong:
        return ""
    return _("No mail address: %(wrong)s. Write addresses such as name@example.com.") % {
        "wrong": ", ".join(wrong)
    }


def is_address(text: str) -> bool:
    """Whether this is an e-mail address that a contact can have."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
