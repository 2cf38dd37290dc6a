"""A contract as the audit keeps it."""

from typing import Any

from upheld.people.models import Contract

FIELDS = (
    "reference",
    "product",
    "plan",
    "starts_on",
    "ends_on",
    "incidents",
    "technical_contacts",
    "remind_days",
    "notes",
)


def told(contract: Contract) -> dict[str, Any]:
    """Return the values of a contract as plain JSON."""
    values = {name: getattr(contract, name) for name in FIELDS if name != "technical_contacts"}
    return {
        **values,
        "organization": contract.organization.name,
        "starts_on": contract.starts_on.isoformat(),
        "ends_on": contract.ends_on.isoformat(),
        "technical_contacts": sorted(contract.technical_contacts.values_list("address", flat=True)),
    }
