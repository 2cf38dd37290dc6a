"""End a contract before its last day."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from upheld.desks.audit import record
from upheld.people.contract_values import ContractRefused
from upheld.people.contracts import beginning_of, term
from upheld.people.models import Contract


@transaction.atomic
def cancel_contract(
    contract_id: int, *, last_day: date | None = None, reason: str = "", by: str, now: datetime
) -> Contract:
    """Let a contract end now, or with a day to come in the desk's zone. What was received before stays covered. Raises
    ContractRefused for a contract that has ended, and for a day that is not before its end."""
    contract = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("desk", "organization")
        .get(pk=contract_id)
    )
    _starts_at, ends_at = term(contract)
    if ends_at <= now:
        raise ContractRefused({"last_day": _("The contract has ended already; nothing is left to cancel.")})
    cancelled_at = now
    if last_day is not None and last_day < contract.ends_on:
        cancelled_at = beginning_of(last_day + timedelta(days=1), contract.desk.zone)
    if not now <= cancelled_at < ends_at or (last_day is not None and last_day >= contract.ends_on):
        raise ContractRefused(
            {"last_day": _("Choose a day from today on and before the contract's last day, or end it now.")}
        )
    contract.cancelled_at = cancelled_at
    contract.save(update_fields=["cancelled_at"])
    record(
        at=now,
        actor=by,
        action="contract cancelled",
        subject=contract.reference,
        desk=contract.desk,
        contract=contract.pk,
        ends_at=cancelled_at.isoformat(),
        reason=reason.strip()[:500],
    )
    return contract
