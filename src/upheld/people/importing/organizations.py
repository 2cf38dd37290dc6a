"""Organizations from a table."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime

from django.utils.translation import gettext as _

from upheld.desks.models import Desk
from upheld.people.domains import checked_domain
from upheld.people.importing.cells import listed, word_of_policy
from upheld.people.importing.known import KnownOrganizations
from upheld.people.importing.rows import CellRefused, Problem, Row
from upheld.people.importing.sheet import Line
from upheld.people.models import Organization, OrganizationDomain, Partnership
from upheld.people.particulars import OrganizationParticulars
from upheld.people.vocabulary import vocabulary

_COLUMNS = tuple(each.name for each in fields(OrganizationParticulars))
_BATCH = 500


class Organizations:
    """Known by their reference, else by their name. What the file leaves empty stays as it is."""

    def __init__(self, desk: Desk, lines: tuple[Line, ...], now: datetime, *, hold: bool) -> None:
        self._desk, self._words = desk, vocabulary(desk, now)
        rows = Organization.objects.filter(desk=desk).order_by("pk")
        stored = {each.pk: each for each in (rows.select_for_update(no_key=True) if hold else rows)}
        self._known = KnownOrganizations(stored.values())
        domains = OrganizationDomain.objects.filter(desk=desk).values_list("domain", "organization_id")
        self._owners = {domain: stored[id] for domain, id in domains}
        pairs = Partnership.objects.filter(partner__desk=desk).values_list("partner_id", "customer_id")
        # New ones have no number yet, so all are told apart as objects.
        self._partners = {(id(stored[partner]), id(stored[customer])) for partner, customer in pairs}
        self._taken: dict[int, int] = {}
        self._new: list[Organization] = []
        self._changed: list[Organization] = []
        self._domains: list[OrganizationDomain] = []
        self._wanted: list[tuple[Row, Organization, list[str]]] = []
        self._partnerships: list[tuple[Organization, Organization]] = []

    def take(self, line: Line) -> Row:
        """Make a row of the plan; raises CellRefused and CustomerRefused."""
        found = self._found(line)
        organization = found or Organization(desk=self._desk)
        given = self._given(line, organization)
        row = Row(line.number, given.name, is_new=found is None)
        columns = {
            name: value for name, value in given.columns.items() if getattr(organization, name) != value
        }
        for name, value in columns.items():
            row.tell(name, getattr(organization, name), value)
        domains = self._new_domains(line, organization)
        self._keep(organization, columns, is_new=found is None)
        for domain in domains:
            self._owners[domain] = organization
            self._domains.append(
                OrganizationDomain(desk=self._desk, organization=organization, domain=domain)
            )
            row.tell("domains", "", domain)
        if names := listed(line, "partner_of", "|\n"):
            self._wanted.append((row, organization, names))
        self._taken[id(organization)] = line.number
        return row

    def _found(self, line: Line) -> Organization | None:
        found = self._known.referred(line.text("reference")) or self._known.named(line.text("name"))
        if found is not None and id(found) in self._taken:
            said = {"line": self._taken[id(found)]}
            raise CellRefused(
                "name", _("Line %(line)s is about the same organization. Put both into one.") % said
            )
        return found

    def _given(self, line: Line, organization: Organization) -> OrganizationParticulars:
        values = {name: line.text(name) or getattr(organization, name) for name in _COLUMNS}
        values["region"] = word_of_policy(line, "region", self._words.regions) or organization.region
        if values["region"] == organization.region:
            # What is known already may stay, although the policy no longer has it.
            values["region"] = ""
        given = OrganizationParticulars(**values).checked(self._words)
        named, referred = self._known.named(given.name), self._known.referred(given.reference)
        if named is not None and named is not organization:
            raise CellRefused("name", _("Another organization has this name already. Choose another one."))
        if referred is not None and referred is not organization:
            said = {"name": referred.name}
            raise CellRefused("reference", _("This is the reference of %(name)s. Choose another one.") % said)
        return given if given.region else replace(given, region=organization.region)

    def _new_domains(self, line: Line, organization: Organization) -> list[str]:
        found = []
        for text in listed(line, "domains", r"\s,;|"):
            domain = checked_domain(text)
            owner = self._owners.get(domain)
            if owner is not None and owner is not organization:
                said = {"domain": domain, "name": owner.name}
                raise CellRefused(
                    "domains", _("%(domain)s belongs to %(name)s. Remove it there first.") % said
                )
            if owner is None and domain not in found:
                found.append(domain)
        return found

    def _keep(self, organization: Organization, columns: dict[str, str], *, is_new: bool) -> None:
        if not is_new:
            self._known.forget(organization)
        for name, value in columns.items():
            setattr(organization, name, value)
        self._known.add(organization)
        if is_new:
            self._new.append(organization)
        elif columns:
            self._changed.append(organization)

    def finish(self) -> list[Problem]:
        """Find the partners, who may stand anywhere in the table; return what is wrong with them."""
        problems = []
        for row, partner, names in self._wanted:
            try:
                for name in names:
                    self._begin(row, partner, self._known.find(name, "partner_of"))
            except CellRefused as refused:
                problems.append(Problem(row.line, refused.column, str(refused)))
        return problems

    def _begin(self, row: Row, partner: Organization, customer: Organization) -> None:
        if partner is customer:
            raise CellRefused("partner_of", _("Nobody is their own partner. Choose another organization."))
        if (id(partner), id(customer)) not in self._partners:
            self._partners.add((id(partner), id(customer)))
            self._partnerships.append((partner, customer))
            row.tell("partner_of", "", customer.name)

    def write(self, now: datetime, advance: Callable[[int], None]) -> dict[str, object]:
        """Store what the plan says."""
        for start in range(0, len(self._new), _BATCH):
            advance(len(Organization.objects.bulk_create(self._new[start : start + _BATCH])))
        for start in range(0, len(self._changed), _BATCH):
            batch = self._changed[start : start + _BATCH]
            Organization.objects.bulk_update(batch, _COLUMNS)
            advance(len(batch))
        OrganizationDomain.objects.bulk_create(self._domains, batch_size=_BATCH)
        Partnership.objects.bulk_create(
            [Partnership(partner=partner, customer=customer) for partner, customer in self._partnerships],
            batch_size=_BATCH,
        )
        return {"domains": len(self._domains), "partnerships": len(self._partnerships)}
