"""Tell the desk of a held request about which nobody decided in time."""

from datetime import datetime

from django.db import transaction

from upheld.desks.policies import compiled, version_in_force
from upheld.tickets import held_letters
from upheld.tickets.held import named_level
from upheld.tickets.models import HeldRequest, HeldState


@transaction.atomic
def alert_overdue(held_id: int, now: datetime) -> bool:
    """Alert once; returns whether it did. Nothing happens where somebody decided meanwhile, or is just deciding."""
    waiting = HeldRequest.objects.filter(pk=held_id, state=HeldState.HELD, wake_at__lte=now)
    held = waiting.select_for_update(of=("self",), skip_locked=True).select_related("desk", "contact").first()
    if held is None:
        return False
    policy = compiled(version_in_force(held.desk, held.received_at).pk)
    held_letters.alert(held, policy, named_level(held, policy), "due", now)
    held.wake_at = None
    held.alerts += 1
    held.save(update_fields=["wake_at", "alerts"])
    return True
