"""Withdraw a version of the policy before it takes effect."""

from datetime import datetime, timedelta

from django.db import transaction

from upheld.desks.actions.publish_policy import PublicationRefused
from upheld.desks.audit import record
from upheld.desks.models import Desk, PolicyVersion, PolicyWithdrawal

# The withdrawal must stand before anybody evaluates under the version.
WITHDRAWN_BEFORE = timedelta(seconds=30)


@transaction.atomic
def withdraw_policy(version: PolicyVersion, *, by: str, now: datetime) -> PolicyWithdrawal:
    """Withdraw a version that has not taken effect yet; raises PublicationRefused for any other."""
    Desk.objects.select_for_update().get(pk=version.desk_id)
    if PolicyWithdrawal.objects.filter(version=version).exists():
        raise PublicationRefused(f"Version {version.number} is withdrawn already.")
    if version.effective_from <= now + WITHDRAWN_BEFORE:
        raise PublicationRefused(
            f"Version {version.number} has taken effect, or does so within seconds. Publish a former version again "
            "to go back to it."
        )
    withdrawal = PolicyWithdrawal.objects.create(version=version, at=now, by=by)
    record(
        at=now,
        actor=by,
        action="policy withdrawn",
        subject=str(version),
        desk=version.desk,
        version=version.number,
        effective_from=version.effective_from.isoformat(),
    )
    return withdrawal
