"""Tie together what was reported together."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from upheld.tickets.models import TicketLink


@transaction.atomic(savepoint=False)
def tie_together(ticket_ids: Sequence[int], at: datetime) -> None:
    """Link the first of these tickets with each of the others, once. Each has its own number and clocks."""
    first, *others = ticket_ids or [None]
    TicketLink.objects.bulk_create(
        (TicketLink(ticket_id=first, other_id=each, kind=TicketLink.Kind.TOGETHER, at=at) for each in others),
        ignore_conflicts=True,
    )
