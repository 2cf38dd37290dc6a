"""Let a solution partner stand between the desk and a customer."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.models import Organization, Partnership
from upheld.people.refused import CustomerRefused


@transaction.atomic
def begin_partnership(
    partner_id: int, customer_id: int, *, may_act: bool, by: str, now: datetime
) -> Partnership:
    """Let the people of one organization follow the requests of another, and where `may_act` write on them; or change
    whether they may. Raises CustomerRefused for an organization and itself, or for those of different desks."""
    both = Organization.objects.select_for_update().select_related("desk").order_by("pk")
    found = {each.pk: each for each in both.filter(pk__in=[partner_id, customer_id])}
    if partner_id == customer_id:
        raise CustomerRefused("partner", "Nobody is their own partner. Choose another organization.")
    partner, customer = found[partner_id], found[customer_id]
    if partner.desk_id != customer.desk_id:
        raise CustomerRefused(
            "partner", "Partner and customer are on different desks. Choose one of this desk."
        )
    before = Partnership.objects.filter(partner=partner, customer=customer).first()
    if before is not None and before.may_act == may_act:
        return before
    partnership, is_new = Partnership.objects.update_or_create(
        partner=partner, customer=customer, defaults={"may_act": may_act}
    )
    record(
        at=now,
        actor=by,
        action="partnership begun" if is_new else "partnership changed",
        subject=customer.name,
        desk=customer.desk,
        partner=partner.pk,
        partner_name=partner.name,
        customer=customer.pk,
        may_act=may_act,
    )
    return partnership
