"""The organizations of a desk as a table names them: by their name or by their reference."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from upheld.people.importing.rows import CellRefused
from upheld.people.models import Organization


class KnownOrganizations:
    """Those of one desk, with those that the same table adds."""

    def __init__(self, organizations: Iterable[Organization]) -> None:
        self._by_name: dict[str, Organization] = {}
        self._by_reference: dict[str, Organization] = {}
        for organization in organizations:
            self.add(organization)

    def add(self, organization: Organization) -> None:
        """Know one more, or one by another name than before."""
        self._by_name[organization.name.casefold()] = organization
        if organization.reference:
            self._by_reference[organization.reference.casefold()] = organization

    def forget(self, organization: Organization) -> None:
        """Know it no longer by the name and reference that it has now."""
        self._by_name.pop(organization.name.casefold(), None)
        self._by_reference.pop(organization.reference.casefold(), None)

    def named(self, name: str) -> Organization | None:
        return self._by_name.get(name.casefold())

    def referred(self, reference: str) -> Organization | None:
        return self._by_reference.get(reference.casefold()) if reference else None

    def find(self, text: str, column: str) -> Organization:
        """Return the one that a cell means; raises CellRefused where there is none."""
        found = self.referred(text) or self.named(text)
        if found is None:
            raise CellRefused(
                column,
                _("The desk has no organization “%(name)s”. Import organizations first, or enter it.")
                % {"name": text},
            )
        return found
