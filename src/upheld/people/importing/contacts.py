"""Contacts from a table, and the organizations to which they belong.

A contact may be known to another desk already. So nothing of theirs is overwritten, only what is empty is filled in;
and nothing of theirs is shown unless they are known on this desk.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from upheld.desks.models import Desk, Mailbox
from upheld.people.contract_values import is_address
from upheld.people.importing.cells import word_of_policy, yes_or_no
from upheld.people.importing.known import KnownOrganizations
from upheld.people.importing.rows import CellRefused, Problem, Row
from upheld.people.importing.sheet import Line
from upheld.people.models import Affiliation, Contact, Contract, DeskContact, Organization
from upheld.people.particulars import ContactParticulars
from upheld.people.vocabulary import vocabulary

_SHOWN = ("name", "phone", "region", "language")
_FILLED = (*_SHOWN, "phone_digits")
_BATCH = 500


class Contacts:
    """Known by their address. One who belongs to several organizations has a line for each."""

    def __init__(self, desk: Desk, lines: tuple[Line, ...], now: datetime, *, hold: bool) -> None:
        self._desk, self._now, self._words = desk, now, vocabulary(desk, now)
        self._organizations = KnownOrganizations(Organization.objects.filter(desk=desk))
        self._ours = set(Mailbox.objects.values_list("address", flat=True))
        addresses = {line.text("address").lower() for line in lines}
        self._contacts = contacts_by_address(addresses, hold=hold)
        stored = {each.pk for each in self._contacts.values()}
        self._entered = set(
            DeskContact.objects.filter(desk=desk, contact_id__in=stored).values_list("contact_id", flat=True)
        )
        self._affiliations = _affiliations(desk, self._contacts)
        # Who takes part in something of this desk is known here, entered or not.
        named = Contract.objects.filter(desk=desk, technical_contacts__in=stored)
        self._known_here = self._entered | set(named.values_list("technical_contacts", flat=True))
        self._known_here |= self._affiliations.keys()
        self._lines: dict[tuple[int, int], int] = {}
        self._main_lines: dict[int, int] = {}
        self._new: list[Contact] = []
        self._filled: dict[int, Contact] = {}
        self._to_enter: dict[int, Contact] = {}
        self._to_affiliate: dict[int, Affiliation] = {}

    def take(self, line: Line) -> Row:
        """Make a row of the plan; raises CellRefused and CustomerRefused."""
        address = line.text("address").lower()
        if not is_address(address):
            raise CellRefused("address", _("This is no mail address. Write one such as name@example.com."))
        if address in self._ours:
            raise CellRefused(
                "address", _("This is an address of ours and not a customer's. Take the row out.")
            )
        given = self._given(line)
        organization = self._organization(line)
        contact = self._contacts.get(address)
        row = Row(line.number, address, is_new=contact is None or self._is_stranger(contact))
        if contact is None:
            contact = Contact(address=address, created_at=self._now)
            self._contacts[address] = contact
            self._new.append(contact)
        self._fill_in(row, contact, given)
        if row.is_new or (contact.pk and contact.pk not in self._entered):
            self._to_enter[id(contact)] = contact
        if organization is not None:
            self._affiliate(row, line, contact, organization)
        elif (id(contact), 0) in self._lines:
            raise self._twice(self._lines[id(contact), 0])
        self._lines[id(contact), id(organization) if organization else 0] = line.number
        return row

    def _is_stranger(self, contact: Contact) -> bool:
        """Whether this desk knows nothing of them, whatever another one does."""
        return (
            contact.pk is not None
            and contact.pk not in self._known_here
            and id(contact) not in self._to_enter
        )

    def _given(self, line: Line) -> ContactParticulars:
        return ContactParticulars(
            name=line.text("name"),
            phone=line.text("phone"),
            region=word_of_policy(line, "region", self._words.regions),
            language=line.text("language"),
        ).checked(self._words)

    def _organization(self, line: Line) -> Organization | None:
        name = line.text("organization")
        if name:
            return self._organizations.find(name, "organization")
        for column in ("main", "sees_all"):
            if yes_or_no(line, column) is not None:
                raise CellRefused(column, _("Say of which organization, or leave this empty."))
        return None

    def _fill_in(self, row: Row, contact: Contact, given: ContactParticulars) -> None:
        columns = {name: value for name, value in given.columns.items() if name in _FILLED and value}
        if contact.phone:
            columns.pop("phone_digits", None)
        for name, value in columns.items():
            held = getattr(contact, name)
            if not held:
                setattr(contact, name, value)
                if contact.pk is not None:
                    self._filled[contact.pk] = contact
            if name not in _SHOWN:
                continue
            if not held or row.is_new:
                row.tell(name, "", value)
            elif held != value:
                said = {"column": name, "held": held, "given": value}
                row.remarks.append(
                    _("%(column)s stays “%(held)s” and does not become “%(given)s”; change it on their page.")
                    % said
                )

    def _affiliate(self, row: Row, line: Line, contact: Contact, organization: Organization) -> None:
        if before := self._lines.get((id(contact), id(organization))):
            raise self._twice(before)
        theirs = self._affiliations.setdefault(contact.pk or -id(contact), {})
        held = theirs.get(organization.pk)
        affiliation = held or Affiliation(contact=contact, organization=organization)
        if held is None:
            row.tell("organization", "", organization.name)
        sees_all = yes_or_no(line, "sees_all")
        if sees_all is not None and sees_all != affiliation.sees_all:
            row.tell("sees_all", affiliation.sees_all, sees_all)
            affiliation.sees_all = sees_all
            self._to_affiliate[id(affiliation)] = affiliation
        if held is None:
            self._to_affiliate[id(affiliation)] = affiliation
        self._make_main(row, line, affiliation, [each for each in theirs.values() if each is not affiliation])
        theirs[organization.pk] = affiliation

    def _make_main(self, row: Row, line: Line, affiliation: Affiliation, others: list[Affiliation]) -> None:
        wants = yes_or_no(line, "main")
        mark = id(affiliation.contact)
        if wants and (before := self._main_lines.setdefault(mark, line.number)) != line.number:
            raise CellRefused(
                "main", _("Line %(line)s names another main organization. Leave one.") % {"line": before}
            )
        if wants or not any(each.is_main for each in [*others, affiliation]):
            if not affiliation.is_main:
                affiliation.is_main = True
                self._to_affiliate[id(affiliation)] = affiliation
                row.tell("main", False, True)
            for other in others:
                if other.is_main:
                    other.is_main = False
                    self._to_affiliate[id(other)] = other

    def _twice(self, line: int) -> CellRefused:
        said = {"line": line}
        return CellRefused(
            "address", _("Line %(line)s says the same of this address already. Put both into one.") % said
        )

    def finish(self) -> list[Problem]:
        return []

    def write(self, now: datetime, advance: Callable[[int], None]) -> dict[str, object]:
        """Store what the plan says."""
        for start in range(0, len(self._new), _BATCH):
            advance(len(Contact.objects.bulk_create(self._new[start : start + _BATCH])))
        filled = list(self._filled.values())
        for start in range(0, len(filled), _BATCH):
            batch = filled[start : start + _BATCH]
            Contact.objects.bulk_update(batch, _FILLED)
            advance(len(batch))
        DeskContact.objects.bulk_create(
            [DeskContact(desk=self._desk, contact=each, added_at=now) for each in self._to_enter.values()],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
        affiliations = list(self._to_affiliate.values())
        Affiliation.objects.bulk_create([each for each in affiliations if each.pk is None], batch_size=_BATCH)
        Affiliation.objects.bulk_update(
            [each for each in affiliations if each.pk is not None], ["is_main", "sees_all"], batch_size=_BATCH
        )
        return {"affiliations": len(affiliations)}


def contacts_by_address(addresses: set[str], *, hold: bool) -> dict[str, Contact]:
    """Return whom addresses belong to; that of a merged duplicate belongs to the one that it was merged into."""
    found: dict[str, Contact] = {}
    listed = sorted(addresses)
    for start in range(0, len(listed), 5_000):
        some = Q(address__in=listed[start : start + 5_000])
        contacts: QuerySet[Contact] = Contact.objects.filter(
            some | Q(duplicates__in=Contact.objects.filter(some))
        )
        ids = set(contacts.values_list("pk", flat=True))
        rows = Contact.objects.filter(pk__in=ids).order_by("pk")
        stored = {each.pk: each for each in (rows.select_for_update(no_key=True) if hold else rows)}
        for each in stored.values():
            found[each.address] = stored.get(each.merged_into_id or 0, each)
    return found


def _affiliations(desk: Desk, contacts: dict[str, Contact]) -> dict[int, dict[int, Affiliation]]:
    """By contact and organization."""
    stored = {each.pk: each for each in contacts.values()}
    found: dict[int, dict[int, Affiliation]] = {}
    for each in Affiliation.objects.filter(organization__desk=desk, contact_id__in=stored).order_by("pk"):
        each.contact = stored[each.contact_id]
        found.setdefault(each.contact_id, {})[each.organization_id] = each
    return found
