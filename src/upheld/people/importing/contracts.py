"""Contracts from a table."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils.translation import gettext as _

from upheld.desks.models import Desk
from upheld.people.contract_values import ContractValues, document_in_force, overlaps_of, problems_of
from upheld.people.importing.cells import day, limit, listed, word_of_policy
from upheld.people.importing.contacts import contacts_by_address
from upheld.people.importing.known import KnownOrganizations
from upheld.people.importing.rows import CellRefused, Problem, Row
from upheld.people.importing.sheet import Line
from upheld.people.models import Contact, Contract, DeskContact, Organization
from upheld.people.vocabulary import Vocabulary, words_of

_STORED = ("product", "plan", "starts_on", "ends_on", "incidents")
# By what the file calls it.
_COLUMNS = {"starts_on": "starts", "ends_on": "ends"}
_SEPARATORS = r"\s,;|"
_BATCH = 500


class Contracts:
    """Known by their reference. What the file leaves empty stays as it is."""

    def __init__(self, desk: Desk, lines: tuple[Line, ...], now: datetime, *, hold: bool) -> None:
        self._desk, self._now = desk, now
        self._document = document_in_force(desk, now)
        self._words = words_of(self._document) if self._document else Vocabulary()
        self._organizations = KnownOrganizations(Organization.objects.filter(desk=desk))
        rows = Contract.objects.filter(desk=desk).order_by("pk")
        rows = rows.select_for_update(no_key=True) if hold else rows
        self._contracts = {each.reference: each for each in rows}
        for each in self._contracts.values():
            each.desk = desk
        self._named = _named(desk)
        addresses = {each for line in lines for each in _addresses(line)}
        self._contacts = contacts_by_address(addresses, hold=False)
        self._lines: dict[str, int] = {}
        self._rows: dict[str, Row] = {}
        self._new: list[Contract] = []
        self._changed: list[Contract] = []
        self._names: list[tuple[Contract, list[str]]] = []

    def take(self, line: Line) -> Row:
        """Make a row of the plan; raises CellRefused."""
        organization = self._organizations.find(line.text("organization"), "organization")
        reference = " ".join(line.text("reference").split())
        self._once(reference, line)
        held = self._contracts.get(reference)
        if held is not None and held.organization_id != organization.pk:
            raise CellRefused("reference", _("This is the reference of another organization's contract."))
        values = self._values(line, reference, held)
        for name, said in problems_of(values, self._words, held=held).items():
            raise CellRefused(_COLUMNS.get(name, name), said)
        row = Row(line.number, reference, is_new=held is None)
        contract = held or Contract(desk=self._desk, organization=organization, reference=reference)
        for name in _STORED:
            before, after = getattr(contract, name), getattr(values, name)
            if before != after:
                row.tell(_COLUMNS.get(name, name), before, _said(name, after))
                setattr(contract, name, after)
        self._keep(contract, row)
        self._name(contract, row, values.technical_contacts)
        return row

    def _once(self, reference: str, line: Line) -> None:
        if before := self._lines.get(reference):
            said = {"line": before}
            raise CellRefused("reference", _("Line %(line)s is about the same contract. Leave one.") % said)
        self._lines[reference] = line.number

    def _values(self, line: Line, reference: str, held: Contract | None) -> ContractValues:
        return ContractValues(
            reference=reference,
            product=word_of_policy(line, "product", self._words.products) or (held.product if held else ""),
            plan=word_of_policy(line, "plan", self._words.plans) or (held.plan if held else ""),
            starts_on=day(line, "starts"),
            ends_on=day(line, "ends"),
            incidents=limit(line, "incidents", held.incidents if held else None),
            technical_contacts=tuple(_addresses(line)),
        )

    def _keep(self, contract: Contract, row: Row) -> None:
        if row.is_new:
            self._contracts[contract.reference] = contract
            self._new.append(contract)
        elif row.details:
            self._changed.append(contract)
        if row.details:
            self._rows[contract.reference] = row

    def _name(self, contract: Contract, row: Row, addresses: tuple[str, ...]) -> None:
        before = self._named.get(contract.pk, set())
        wanted = {self._contacts[each].address if each in self._contacts else each for each in addresses}
        if addresses and wanted != before:
            row.tell("technical_contacts", " ".join(sorted(before)), " ".join(sorted(wanted)))
            self._names.append((contract, list(addresses)))

    def finish(self) -> list[Problem]:
        """Say of each row what it overlaps, and which contract governs then."""
        by_organization: dict[int, list[Contract]] = {}
        for contract in self._contracts.values():
            by_organization.setdefault(contract.organization_id, []).append(contract)
        for reference, row in self._rows.items():
            contract = self._contracts[reference]
            others = [each for each in by_organization[contract.organization_id] if each is not contract]
            for overlap in overlaps_of(contract, others, self._document):
                governs = contract if overlap.yields else overlap.other
                said = {"other": overlap.other.reference, "governs": governs.reference}
                row.remarks.append(
                    _(
                        "It overlaps %(other)s for the same product; while both are in force, %(governs)s governs."
                    )
                    % said
                )
        return []

    def write(self, now: datetime, advance: Callable[[int], None]) -> dict[str, object]:
        """Store what the plan says."""
        for start in range(0, len(self._new), _BATCH):
            advance(len(Contract.objects.bulk_create(self._new[start : start + _BATCH])))
        for start in range(0, len(self._changed), _BATCH):
            batch = self._changed[start : start + _BATCH]
            Contract.objects.bulk_update(batch, _STORED)
            advance(len(batch))
        self._write_names(now)
        touched = {
            each.pk for each in (*self._new, *self._changed, *(contract for contract, _ in self._names))
        }
        return {"contracts": sorted(touched)}

    def _write_names(self, now: datetime) -> None:
        wanted = {address for _contract, addresses in self._names for address in addresses}
        new = [Contact(address=each, created_at=now) for each in sorted(wanted - self._contacts.keys())]
        for contact in Contact.objects.bulk_create(new, batch_size=_BATCH):
            self._contacts[contact.address] = contact
        contacts = {self._contacts[address].pk for address in wanted}
        DeskContact.objects.bulk_create(
            [DeskContact(desk=self._desk, contact_id=each, added_at=now) for each in sorted(contacts)],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
        link = Contract.technical_contacts.through
        link.objects.filter(contract__in=[contract.pk for contract, _ in self._names]).delete()
        pairs = {
            (contract.pk, self._contacts[each].pk)
            for contract, addresses in self._names
            for each in addresses
        }
        rows = [link(contract_id=contract, contact_id=contact) for contract, contact in sorted(pairs)]
        link.objects.bulk_create(rows, batch_size=_BATCH)


def _addresses(line: Line) -> list[str]:
    return [each.lower() for each in listed(line, "technical_contacts", _SEPARATORS)]


def _named(desk: Desk) -> dict[int | None, set[str]]:
    """The technical contacts of each contract by their addresses."""
    found: dict[int | None, set[str]] = {}
    pairs = Contract.objects.filter(desk=desk, technical_contacts__isnull=False)
    for contract, address in pairs.values_list("pk", "technical_contacts__address"):
        found.setdefault(contract, set()).add(address)
    return found


def _said(name: str, value: str | int | date | None) -> object:
    return "unlimited" if name == "incidents" and value is None else value
