"""End what a solution partner may do for a customer."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.models import Partnership


@transaction.atomic
def end_partnership(partnership_id: int, *, by: str, now: datetime) -> None:
    """End a partnership: the partner's people follow the customer's requests no more, save those they take part in."""
    partnership = Partnership.objects.select_related("partner", "customer__desk").get(pk=partnership_id)
    partnership.delete()
    record(
        at=now,
        actor=by,
        action="partnership ended",
        subject=partnership.customer.name,
        desk=partnership.customer.desk,
        partner=partnership.partner_id,
        partner_name=partnership.partner.name,
        customer=partnership.customer_id,
    )
