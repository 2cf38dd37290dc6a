"""What is entered about customers, as checked values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from upheld.clock import CalendarError, zone
from upheld.people.phones import digits_of
from upheld.people.refused import CustomerRefused
from upheld.people.vocabulary import Vocabulary
from upheld.rules.one_line import one_line

LONGEST_NOTES = 10_000
LONGEST_ANSWER = 500
_LANGUAGE = re.compile(r"\A[a-z]{2}(?:-[a-z]{2})?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactParticulars:
    """What is known of a contact beside their address."""

    name: str = ""
    zone: str = ""
    phone: str = ""
    region: str = ""
    language: str = ""
    notes: str = ""

    def checked(self, words: Vocabulary) -> "ContactParticulars":
        """Return the same, tidied; raises CustomerRefused for what nothing can be made of."""
        phone = one_line(self.phone, 40)
        if phone and not digits_of(phone):
            raise CustomerRefused("phone", "A phone number has digits, such as +44 20 7946 0018.")
        return ContactParticulars(
            name=one_line(self.name, 160),
            zone=_zone(self.zone),
            phone=phone,
            region=known("region", self.region, words.regions),
            language=_language(self.language),
            notes=_notes(self.notes),
        )

    @property
    def columns(self) -> dict[str, str]:
        """By the names of the columns, with the digits that callers are found by."""
        return _columns(self) | {"phone_digits": digits_of(self.phone)}


@dataclass(frozen=True, slots=True)
class OrganizationParticulars:
    """What is known of an organization."""

    name: str
    reference: str = ""
    region: str = ""
    language: str = ""
    notes: str = ""

    def checked(self, words: Vocabulary) -> "OrganizationParticulars":
        """Return the same, tidied; raises CustomerRefused for what nothing can be made of."""
        name = one_line(self.name, 160)
        if not name:
            raise CustomerRefused("name", "Write the name of the organization.")
        return OrganizationParticulars(
            name=name,
            reference=one_line(self.reference, 60),
            region=known("region", self.region, words.regions),
            language=_language(self.language),
            notes=_notes(self.notes),
        )

    @property
    def columns(self) -> dict[str, str]:
        return _columns(self)


@dataclass(frozen=True, slots=True)
class SiteParticulars:
    """What is known of a site; `fields` are answers to what the policy asks about its product, by ids."""

    name: str
    address: str = ""
    region: str = ""
    product: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def checked(self, words: Vocabulary) -> "SiteParticulars":
        """Return the same, tidied, without answers to what is not asked about the product; raises CustomerRefused for
        what nothing can be made of."""
        name = one_line(self.name, 160)
        if not name:
            raise CustomerRefused("name", "Write a name by which the site is known, such as its town.")
        product = known("product", self.product, words.products)
        given = {
            each.id: one_line(self.fields.get(each.id, ""), LONGEST_ANSWER)
            for each in words.asked_of(product)
        }
        return SiteParticulars(
            name=name,
            address=_notes(self.address),
            region=known("region", self.region, words.regions),
            product=product,
            fields={name: value for name, value in given.items() if value},
        )

    @property
    def columns(self) -> dict[str, object]:
        return _columns(self) | {"fields": dict(self.fields)}


def known(field_name: str, value: str, words: Mapping[str, str]) -> str:
    """Return an id that the policy knows, or nothing; raises CustomerRefused with the list of those that it knows."""
    value = value.strip()
    if not value or value in words:
        return value
    if not words:
        raise CustomerRefused(field_name, f"The desk's policy names no {field_name}s. Leave it empty.")
    listed = ", ".join(sorted(words))
    raise CustomerRefused(
        field_name, f"The desk's policy knows no {field_name} “{value[:63]}”. It knows: {listed}."
    )


def _zone(text: str) -> str:
    name = text.strip()
    if not name:
        return ""
    try:
        zone(name)
    except CalendarError:
        raise CustomerRefused(
            "zone", f"There is no time zone “{name[:60]}”. Write one such as Europe/London."
        ) from None
    return name


def _language(text: str) -> str:
    code = text.strip().lower()
    if code and not _LANGUAGE.match(code):
        raise CustomerRefused("language", "A language is two letters, such as en or de.")
    return code


def _notes(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST_NOTES]


def _columns(values: object) -> dict[str, str]:
    return {each.name: getattr(values, each.name) for each in fields(values)}  # type: ignore[arg-type]
