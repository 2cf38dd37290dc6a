"""Contracts as the rules read them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from upheld.desks.models import Desk
from upheld.people.models import Contract
from upheld.policy.document import Document
from upheld.rules.entitlement import Agreement, Terms


def contracts_of(organization_ids: Iterable[int], *, locked: bool = True) -> list[Contract]:
    """Return the contracts of organizations, with their technical contacts. One whose incidents are counted is held
    until the caller's transaction ends, so that two requests at once do not both get the last; not where somebody only
    looks."""
    ids = list(organization_ids)
    if not ids:
        return []
    contracts = Contract.objects.filter(organization_id__in=ids)
    contracts = contracts.select_related("desk", "organization").prefetch_related("technical_contacts")
    found = list(contracts)
    counted = [each.pk for each in found if each.incidents is not None] if locked else []
    if counted:
        list(Contract.objects.select_for_update().filter(pk__in=counted).order_by("pk").values_list("pk"))
        # Whoever was waited for may have changed them.
        found = list(contracts.all())
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


def plan_terms(document: Document | None) -> Terms:
    """Return what a policy says of plans, whatever somebody asks for."""
    if document is None:
        return Terms()
    return Terms(
        plans=[each.id for each in document.plans], default_plan=document.entitlement.default_plan or ""
    )


def term(contract: Contract) -> tuple[datetime, datetime]:
    """Return from when until when a contract is in force, in UTC, the end not included: its days begin and end at
    midnight in the desk's zone, and it ends earlier where it was cancelled."""
    starts_at, ends_at = term_of(contract.desk, contract.starts_on, contract.ends_on)
    if contract.cancelled_at is not None:
        ends_at = min(ends_at, contract.cancelled_at)
    return starts_at, ends_at


def term_of(desk: Desk, starts_on: date, ends_on: date) -> tuple[datetime, datetime]:
    """Return the same for a first and a last day."""
    return beginning_of(starts_on, desk.zone), beginning_of(ends_on + timedelta(days=1), desk.zone)


def beginning_of(day: date, zone: str) -> datetime:
    """Return when a day begins in a zone, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def reminds_at(contract: Contract) -> datetime:
    """Return when the desk is reminded of the end: at the beginning of the day so many days before the last."""
    return beginning_of(contract.ends_on - timedelta(days=contract.remind_days), contract.desk.zone)


def renewals_of(contract: Contract) -> QuerySet[Contract]:
    """Return what goes on after a contract: those of the same organization and product that end later."""
    later = Contract.objects.filter(
        organization_id=contract.organization_id, product=contract.product, ends_on__gt=contract.ends_on
    )
    return later.filter(cancelled_at=None).exclude(pk=contract.pk).order_by("starts_on", "pk")
