"""Contracts as lists show them: in force, ending soon, to come, ended - each by the day in its desk's zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.lookups import LessThanOrEqual

from upheld.desks.models import Desk
from upheld.people.models import Contract


class ContractState(StrEnum):
    """How a contract stands. What ends soon is in force, too."""

    in_force = "in_force"
    ending = "ending"
    upcoming = "upcoming"
    ended = "ended"


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """What a list shows; what is empty narrows nothing. `organization` are letters of its name or reference, or of the
    contract's reference."""

    state: ContractState | None = None
    organization: str = ""
    product: str | None = None
    plan: str | None = None


def contracts_on(desks: Sequence[Desk], wanted: ContractFilter, now: datetime) -> QuerySet[Contract]:
    """Return the contracts of desks that are wanted, the next to end first; ended ones the last first."""
    by_desk = Q(pk__in=[])
    for desk in desks:
        is_wanted = of_state(wanted.state, today(desk, now), now) if wanted.state else Q()
        by_desk |= Q(desk=desk) & is_wanted
    found = Contract.objects.filter(by_desk).select_related("desk", "organization")
    if text := wanted.organization.strip():
        found = found.filter(
            Q(organization__name__icontains=text)
            | Q(organization__reference__icontains=text)
            | Q(reference__icontains=text)
        )
    if wanted.product is not None:
        found = found.filter(product=wanted.product)
    if wanted.plan is not None:
        found = found.filter(plan=wanted.plan)
    if wanted.state is ContractState.ended:
        return found.order_by("-ends_on", "-pk")
    return found.order_by("starts_on" if wanted.state is ContractState.upcoming else "ends_on", "pk")


def today(desk: Desk, now: datetime) -> date:
    """Return the day in the desk's zone."""
    return now.astimezone(ZoneInfo(desk.zone)).date()


def state_of(contract: Contract, now: datetime, *, renewed: bool) -> ContractState:
    """Return how a contract stands; `renewed` says that another goes on after it."""
    day = today(contract.desk, now)
    is_cancelled = contract.cancelled_at is not None
    if contract.ends_on < day or (contract.cancelled_at is not None and contract.cancelled_at <= now):
        return ContractState.ended
    if contract.starts_on > day:
        return ContractState.upcoming
    ends_soon = (contract.ends_on - day).days <= contract.remind_days
    return ContractState.ending if ends_soon and not renewed and not is_cancelled else ContractState.in_force


def of_state(state: ContractState, day: date, now: datetime) -> Q:
    """Return the condition of a state on a day."""
    stands = Q(cancelled_at=None) | Q(cancelled_at__gt=now)
    match state:
        case ContractState.ended:
            return Q(ends_on__lt=day) | Q(cancelled_at__lte=now)
        case ContractState.upcoming:
            return Q(starts_on__gt=day) & stands
        case ContractState.in_force:
            return Q(starts_on__lte=day, ends_on__gte=day) & stands
    reminds_on = ExpressionWrapper(F("ends_on") - F("remind_days"), output_field=DateField())
    soon = Q(starts_on__lte=day, ends_on__gte=day, cancelled_at=None) & ~Exists(renewals())
    return soon & Q(LessThanOrEqual(reminds_on, day))


def renewals() -> QuerySet[Contract]:
    """Return what goes on after a contract, within a query of contracts."""
    return Contract.objects.filter(
        organization_id=OuterRef("organization_id"),
        product=OuterRef("product"),
        ends_on__gt=OuterRef("ends_on"),
        cancelled_at=None,
    ).exclude(pk=OuterRef("pk"))
