"""Change a contract. Tickets that were received under it stay under it, with the plan that it gave then."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.actions.name_technical_contacts import name_technical_contacts
from upheld.people.contract_values import (
    ContractOverlaps,
    ContractValues,
    checked,
    document_in_force,
    overlapping,
    overlaps_of,
)
from upheld.people.contracts_told import FIELDS, told
from upheld.people.models import Contract, Organization


@transaction.atomic
def change_contract(
    contract_id: int, values: ContractValues, *, overlaps: Collection[int] = (), by: str, now: datetime
) -> Contract:
    """Let a contract have these values. Raises ContractRefused, and ContractOverlaps unless `overlaps` names every
    contract that it overlaps; who changes nothing leaves no trace."""
    # As contracts are signed: one after the other, so that none overlaps unseen.
    Organization.objects.select_for_update(of=("self",), no_key=True).get(contracts=contract_id)
    contract = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("desk", "organization__desk")
        .get(pk=contract_id)
    )
    document = document_in_force(contract.desk, now)
    values = checked(contract.desk, values, document, held=contract)
    before = told(contract)
    moves = _moves(contract, values)
    for name in FIELDS:
        if name != "technical_contacts":
            setattr(contract, name, getattr(values, name))
    if moves:
        others = overlapping(contract.organization, values, contract)
        found = overlaps_of(contract, others, document)
        if {each.other.pk for each in found} - set(overlaps):
            raise ContractOverlaps(found)
    contract.save()
    name_technical_contacts(contract, values.technical_contacts, now)
    after = told(contract)
    changes = {name: [before[name], after[name]] for name in FIELDS if before[name] != after[name]}
    if changes:
        record(
            at=now,
            actor=by,
            action="contract changed",
            subject=contract.reference,
            desk=contract.desk,
            contract=contract.pk,
            changes=changes,
        )
    return contract


def _moves(contract: Contract, values: ContractValues) -> bool:
    """Whether what it overlaps, or which of both governs, may be another question now."""
    names = ("product", "plan", "starts_on", "ends_on")
    return any(getattr(contract, name) != getattr(values, name) for name in names)
