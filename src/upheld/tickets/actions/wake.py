"""Let the worker look at tickets before anything falls due on them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from upheld.tickets.models import Ticket

_BATCH = 500


def wake(ticket_ids: Sequence[int], at: datetime) -> None:
    """Wake tickets at an instant, or earlier where they wake earlier; some hundreds a transaction."""
    ids = sorted(set(ticket_ids))
    for start in range(0, len(ids), _BATCH):
        with transaction.atomic():
            asleep = Ticket.objects.filter(pk__in=ids[start : start + _BATCH])
            asleep.filter(Q(wake_at=None) | Q(wake_at__gt=at)).update(wake_at=at)
            with connection.cursor() as cursor:
                cursor.execute("notify upheld_clock")
