"""The clock of held requests: the desk hears of each about which nobody decided in time, once."""

import threading
from datetime import datetime, timedelta

from upheld.tickets.actions import alert_overdue
from upheld.tickets.models import HeldRequest
from upheld.worker.one_by_one import OneByOne

BATCH = 100


class HeldSweeper:
    """Alerts what is due."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._held = OneByOne("held request", stop, again=timedelta(minutes=5))

    def sweep(self, now: datetime) -> int:
        """Alert every held request that is due; return how many."""
        due = HeldRequest.objects.filter(wake_at__lte=now).exclude(pk__in=self._held.resting(now))
        ids = list(due.order_by("wake_at", "pk").values_list("pk", flat=True)[:BATCH])
        return self._held.do(ids, lambda held_id: alert_overdue(held_id, now), now)
