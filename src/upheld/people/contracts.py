"""Contracts as the rules read them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from upheld.people.models import Contract
from upheld.rules.entitlement import Agreement


def contracts_of(organization_ids: Iterable[int]) -> list[Contract]:
    """Return the contracts of organizations, with their technical contacts. One whose incidents are counted is held
    until the caller's transaction ends, so that two requests at once do not both get the last."""
    ids = list(organization_ids)
    if not ids:
        return []
    contracts = Contract.objects.filter(organization_id__in=ids)
    found = list(contracts.select_related("desk", "organization").prefetch_related("technical_contacts"))
    if counted := [each.pk for each in found if each.incidents is not None]:
        list(Contract.objects.select_for_update().filter(pk__in=counted).order_by("pk").values_list("pk"))
    return found


def agreement(contract: Contract, used: Mapping[int, int]) -> Agreement:
    """Return a contract as a value; `used` says how many tickets each contract, by its id, has paid for."""
    starts_at, ends_at = term(contract)
    left = None if contract.incidents is None else max(0, contract.incidents - used.get(contract.pk, 0))
    return Agreement(
        id=contract.pk,
        organization_id=contract.organization_id,
        product=contract.product,
        plan=contract.plan,
        starts_at=starts_at,
        ends_at=ends_at,
        incidents_left=left,
        technical_contacts=frozenset(each.pk for each in contract.technical_contacts.all()),
    )


def term(contract: Contract) -> tuple[datetime, datetime]:
    """Return from when until when a contract is in force, in UTC, the end not included: its days begin and end at
    midnight in the desk's zone, and it ends earlier where it was cancelled."""
    zone = ZoneInfo(contract.desk.zone)
    starts_at, ends_at = (
        _midnight(contract.starts_on, zone),
        _midnight(contract.ends_on + timedelta(days=1), zone),
    )
    if contract.cancelled_at is not None:
        ends_at = min(ends_at, contract.cancelled_at)
    return starts_at, ends_at


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
