"""Sign a contract, and sign the one that follows it."""

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
from upheld.people.contracts_told import told
from upheld.people.models import Contract, Organization


@transaction.atomic
def sign_contract(
    organization: Organization,
    values: ContractValues,
    *,
    overlaps: Collection[int] = (),
    by: str,
    now: datetime,
) -> Contract:
    """Enter a contract with an organization, on its desk. Raises ContractRefused, and ContractOverlaps unless
    `overlaps` names every contract that it overlaps."""
    contract = _signed(organization, values, overlaps, now)
    record(
        at=now,
        actor=by,
        action="contract signed",
        subject=contract.reference,
        desk=contract.desk,
        contract=contract.pk,
        values=told(contract),
    )
    return contract


@transaction.atomic
def renew_contract(
    contract_id: int, values: ContractValues, *, overlaps: Collection[int] = (), by: str, now: datetime
) -> Contract:
    """Enter the contract that follows another, with the same organization; raises as `sign_contract` does."""
    former = Contract.objects.select_related("organization__desk").get(pk=contract_id)
    contract = _signed(former.organization, values, overlaps, now)
    both = {"former": former.pk, "former_reference": former.reference, "values": told(contract)}
    for subject in (former, contract):
        record(
            at=now,
            actor=by,
            action="contract renewed",
            subject=subject.reference,
            desk=contract.desk,
            contract=subject.pk,
            renewal=contract.pk,
            **both,
        )
    return contract


def _signed(
    organization: Organization, values: ContractValues, overlaps: Collection[int], now: datetime
) -> Contract:
    # Contracts of one organization are written one after the other, so that none overlaps unseen.
    held = Organization.objects.select_for_update(of=("self",), no_key=True)
    organization = held.select_related("desk").get(pk=organization.pk)
    document = document_in_force(organization.desk, now)
    values = checked(organization.desk, values, document)
    contract = Contract(
        desk=organization.desk,
        organization=organization,
        reference=values.reference,
        product=values.product,
        plan=values.plan,
        starts_on=values.starts_on,
        ends_on=values.ends_on,
        incidents=values.incidents,
        remind_days=values.remind_days,
        notes=values.notes,
    )
    found = overlaps_of(contract, overlapping(organization, values, None), document)
    if {each.other.pk for each in found} - set(overlaps):
        raise ContractOverlaps(found)
    contract.save()
    name_technical_contacts(contract, values.technical_contacts, now)
    return contract
