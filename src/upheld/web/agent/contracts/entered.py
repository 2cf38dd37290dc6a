"""What the form of a contract holds: what is stored, what was typed, and what was said of it."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from upheld.people.contract_values import ContractRefused, ContractValues
from upheld.people.models import Affiliation, Contact, Contract, Organization
from upheld.web.agent.acts import typed

_NAMES = (
    "reference",
    "product",
    "plan",
    "starts_on",
    "ends_on",
    "incidents",
    "remind_days",
    "notes",
    "others",
)
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Entered:
    """The values by the names of the fields; `contacts` are the addresses that are ticked, `others` those in the field
    for further ones. `overlaps` are the contracts of which somebody was told, `problems` what to mend."""

    values: Mapping[str, str]
    contacts: frozenset[str] = frozenset()
    problems: Mapping[str, str] = field(default_factory=dict)
    overlaps: frozenset[int] = frozenset()

    @classmethod
    def empty(cls) -> "Entered":
        return cls({"remind_days": "60"})

    @classmethod
    def of(cls, contract: Contract, listed: Sequence[Contact]) -> "Entered":
        """A contract as it is."""
        named = set(contract.technical_contacts.values_list("address", flat=True))
        offered = {each.address for each in listed}
        values = {
            "reference": contract.reference,
            "product": contract.product,
            "plan": contract.plan,
            "starts_on": contract.starts_on.isoformat(),
            "ends_on": contract.ends_on.isoformat(),
            "incidents": "" if contract.incidents is None else str(contract.incidents),
            "remind_days": str(contract.remind_days),
            "notes": contract.notes,
            "others": "\n".join(sorted(named - offered)),
        }
        return cls(values, frozenset(named & offered))

    @classmethod
    def renewing(cls, contract: Contract, listed: Sequence[Contact]) -> "Entered":
        """What follows a contract: from the day after its last, as long as it was."""
        former = cls.of(contract, listed)
        starts_on = contract.ends_on + timedelta(days=1)
        term = {"starts_on": starts_on.isoformat(), "ends_on": _as_long(contract, starts_on).isoformat()}
        return cls({**former.values, **term, "reference": "", "notes": ""}, former.contacts)

    @classmethod
    def posted(cls, request: HttpRequest) -> "Entered":
        """What was typed."""
        overlaps = frozenset(int(each) for each in request.POST.getlist("overlap") if each.isdecimal())
        contacts = frozenset(each.replace("\0", "") for each in request.POST.getlist("contact"))
        return cls({name: typed(request, name) for name in _NAMES}, contacts, overlaps=overlaps)

    def refused(self, problems: Mapping[str, str]) -> "Entered":
        return Entered(self.values, self.contacts, problems, self.overlaps)

    def with_overlaps(self, overlaps: frozenset[int]) -> "Entered":
        return Entered(self.values, self.contacts, self.problems, overlaps)

    def wanted(self) -> ContractValues:
        """The values that were typed; raises ContractRefused for what is no value."""
        problems: dict[str, str] = {}
        days = {name: _day(self.values[name], name, problems) for name in ("starts_on", "ends_on")}
        incidents = _number(self.values["incidents"], "incidents", problems)
        remind_days = _number(self.values["remind_days"], "remind_days", problems)
        if problems:
            raise ContractRefused(problems)
        others = self.values["others"].replace(",", " ").replace(";", " ").split()
        return ContractValues(
            reference=self.values["reference"],
            product=self.values["product"],
            plan=self.values["plan"],
            incidents=incidents,
            remind_days=60 if remind_days is None else remind_days,
            technical_contacts=(*sorted(self.contacts), *others),
            notes=self.values["notes"][:10_000],
            **days,
        )


def listed_contacts(organization: Organization) -> list[Contact]:
    """The people of an organization who can be ticked as technical contacts."""
    rows = Affiliation.objects.filter(organization=organization, contact__merged_into=None)
    named = rows.select_related("contact").order_by("contact__name", "contact__address")
    return [each.contact for each in named[:MOST_LISTED]]


def _as_long(contract: Contract, starts_on: date) -> date:
    """The last day of a term that is as long: in months where the former one was of whole months, else in days."""
    first, after = contract.starts_on, contract.ends_on + timedelta(days=1)
    if first.day != after.day:
        return starts_on + (contract.ends_on - contract.starts_on)
    months = (after.year - first.year) * 12 + after.month - first.month
    year, month = divmod(starts_on.year * 12 + starts_on.month - 1 + months, 12)
    day = min(starts_on.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def _day(text: str, name: str, problems: dict[str, str]) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems[name] = _("Choose a day.")
        return None


def _number(text: str, name: str, problems: dict[str, str]) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        problems[name] = _("Write a whole number.")
        return None
    return int(text)
