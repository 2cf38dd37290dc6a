"""The three kinds of tables, and what stands in their columns."""

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    organizations = "organizations"
    contacts = "contacts"
    contracts = "contracts"


@dataclass(frozen=True, slots=True)
class Column:
    """`longest` is how many characters fit; `examples` are what the template shows."""

    name: str
    meaning: str | Promise
    longest: int
    examples: tuple[str, str]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    title: str | Promise
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.columns if each.required)


_LISTED = 4_000
KINDS: dict[Kind, Table] = {
    Kind.organizations: Table(
        _("Organizations"),
        (
            Column(
                "name",
                _("What it is called; unique on the desk."),
                160,
                ("Harbour Office", "Port Logistics"),
                True,
            ),
            Column("reference", _("Its number in your other programs."), 60, ("K-1001", "K-1002")),
            Column("region", _("A region of the policy, by its id or label."), 160, ("", "")),
            Column("language", _("In which its people are written to, such as en or de."), 8, ("en", "de")),
            Column(
                "domains",
                _(
                    "Mail domains whose senders belong to it, with blanks between. They are added, none is taken away."
                ),
                _LISTED,
                ("harbour.example", "port.example port.example.net"),
            ),
            Column(
                "partner_of",
                _("Whose solution partner it is: names or references, with | between. They are added."),
                _LISTED,
                ("", "Harbour Office"),
            ),
        ),
    ),
    Kind.contacts: Table(
        _("Contacts"),
        (
            Column(
                "address", _("Their mail address."), 254, ("anna@harbour.example", "piet@port.example"), True
            ),
            Column("name", _("Their name."), 160, ("Anna Lind", "Piet de Boer")),
            Column(
                "phone",
                _("As people write it, best with the country: +44 20 7946 0018."),
                40,
                ("", "+31 20 555 0142"),
            ),
            Column(
                "organization",
                _("To which they belong, by its name or reference. For several, one line each."),
                160,
                ("Harbour Office", "K-1002"),
            ),
            Column(
                "main",
                _("yes: this organization is their main one. Without it the first one is."),
                5,
                ("yes", ""),
            ),
            Column(
                "sees_all",
                _(
                    "yes: they see all requests of the organization on the portal; no: only those they take part in."
                ),
                5,
                ("yes", "no"),
            ),
            Column("region", _("A region of the policy, where it is not the organization's."), 160, ("", "")),
            Column(
                "language",
                _("In which they are written to, where it is not the organization's."),
                8,
                ("", "nl"),
            ),
        ),
    ),
    Kind.contracts: Table(
        _("Contracts"),
        (
            Column(
                "organization",
                _("With whom, by its name or reference."),
                160,
                ("Harbour Office", "K-1002"),
                True,
            ),
            Column(
                "reference",
                _("The contract's own number; unique on the desk."),
                60,
                ("C-2026-01", "C-2026-02"),
                True,
            ),
            Column(
                "product",
                _("A product of the policy, by its id or label; empty for every product."),
                160,
                ("", ""),
            ),
            Column("plan", _("A plan of the policy, by its id or label."), 160, ("", "")),
            Column(
                "starts",
                _("The first day, such as 2026-01-31 or 31.01.2026."),
                40,
                ("2026-01-01", "01.02.2026"),
                True,
            ),
            Column(
                "ends", _("The last day, which still belongs to it."), 40, ("2026-12-31", "31.01.2027"), True
            ),
            Column("incidents", _("How many requests it pays for, or: unlimited."), 20, ("unlimited", "10")),
            Column(
                "technical_contacts",
                _("Their mail addresses, with blanks between; they take the place of those before."),
                _LISTED,
                ("anna@harbour.example", "piet@port.example it@port.example"),
            ),
        ),
    ),
}


def kind_of(header: Collection[str]) -> Kind | None:
    """Return which table has such a header; None for one that has the columns of none."""
    names = set(header)
    if "address" in names:
        return Kind.contacts
    if names & {"starts", "ends", "incidents", "technical_contacts", "plan"}:
        return Kind.contracts
    return Kind.organizations if "name" in names else None


def known_columns() -> frozenset[str]:
    """Return the names of the columns of all tables."""
    return frozenset(name for table in KINDS.values() for name in table.names)


def template_of(kind: Kind) -> str:
    """Return a file of this kind, with two rows as examples. It begins with a byte order mark, by which Excel knows
    that it is UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    columns = KINDS[kind].columns
    writer.writerow(each.name for each in columns)
    writer.writerows([each.examples[number] for each in columns] for number in range(2))
    return "\ufeff" + text.getvalue()
