"""What lists on these pages show, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from upheld.mailboxes.outgoing.languages import LANGUAGES
from upheld.people.contracts import term
from upheld.people.models import Contract
from upheld.people.vocabulary import Vocabulary, vocabulary
from upheld.tickets.models import Ticket
from upheld.web.agent.policy.rows import day_words
from upheld.web.presenting.times import Times, When
from upheld.web.viewer import Workplace


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A request in a list; `as_requester` says whether it is the one's whose list it is."""

    number: str
    subject: str
    category: str
    updated: When
    as_requester: bool
    restricted: bool


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract in a list; `state` is its colour, and `words` what it says."""

    reference: str
    organization: str
    url: str
    plan: str
    product: str
    days: str
    ends: str
    words: str
    state: str
    icon: str


def ticket_rows(tickets: Iterable[Ticket], times: Times, contact_id: int | None = None) -> list[TicketRow]:
    """The rows of requests, each in the words of its status."""
    return [
        TicketRow(
            number=each.number,
            subject=each.subject,
            category=category_words(each.status_category),
            updated=times.when(each.updated_at),
            as_requester=contact_id is None or each.requester_id == contact_id,
            restricted=each.restricted,
        )
        for each in tickets
    ]


def category_words(category: str) -> str:
    """How a request stands, whatever its policy calls that."""
    known = {
        "new": _("new"),
        "open": _("open"),
        "waiting": _("waiting"),
        "resolved": _("resolved"),
        "closed": _("closed"),
    }
    return known.get(category, category)


def contract_rows(contracts: QuerySet[Contract], workplace: Workplace, now: datetime) -> list[ContractRow]:
    """The rows of contracts, those that end last first."""
    listed = contracts.select_related("organization", "desk").order_by("-ends_on", "reference")
    words = {desk.pk: vocabulary(desk, now) for desk in workplace.desks}
    return [contract_row(each, words[each.desk_id], now) for each in listed if each.desk_id in words]


def contract_row(contract: Contract, words: Vocabulary, now: datetime) -> ContractRow:
    """A contract as it stands now."""
    first, last = _day(contract.starts_on), _day(contract.ends_on)
    return ContractRow(
        reference=contract.reference,
        organization=contract.organization.name,
        url=contract_url(contract),
        plan=words.plans.get(contract.plan, contract.plan),
        product=words.products.get(contract.product, contract.product),
        days=_("%(first)s to %(last)s") % {"first": first, "last": last},
        ends=last,
        **_standing(contract, now),
    )


def contract_url(contract: Contract) -> str:
    """The page of a contract, where this program has one."""
    try:
        return reverse("contract", args=[contract.pk])
    except NoReverseMatch:
        return ""


def _standing(contract: Contract, now: datetime) -> dict[str, str]:
    starts_at, ends_at = term(contract)
    if now < starts_at:
        return {"words": _("to come"), "state": "none", "icon": "calendar-clock"}
    if now >= ends_at:
        words = _("cancelled") if contract.cancelled_at is not None else _("ended")
        return {"words": words, "state": "breached", "icon": "circle-x"}
    return {"words": _("in force"), "state": "met", "icon": "circle-check"}


def _day(day: date) -> str:
    return day_words(day, year=True)


def language_name(code: str) -> str:
    """A language in its own words."""
    return LANGUAGES.get(code.partition("-")[0], code) if code else ""
