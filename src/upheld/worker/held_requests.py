"""The clock of held requests: the desk hears of each about which nobody decided in time, once."""

import threading
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError

from upheld.tickets.actions import alert_overdue
from upheld.tickets.models import HeldRequest

BATCH = 100
_AGAIN = timedelta(minutes=5)
_log = structlog.get_logger(__name__)


class HeldSweeper:
    """Alerts what is due, each in a transaction of its own. One that fails is set aside in memory for a while, so that
    it holds up no other; a due time is never bent to hide a fault."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()
        self._resting: dict[int, datetime] = {}

    def sweep(self, now: datetime) -> int:
        """Alert every held request that is due; return how many."""
        self._resting = {held: until for held, until in self._resting.items() if until > now}
        due = HeldRequest.objects.filter(wake_at__lte=now).exclude(pk__in=self._resting)
        ids = list(due.order_by("wake_at", "pk").values_list("pk", flat=True)[:BATCH])
        return sum(self._alert(held_id, now) for held_id in ids if not self._stop.is_set())

    def _alert(self, held_id: int, now: datetime) -> bool:
        try:
            return alert_overdue(held_id, now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            self._resting[held_id] = now + _AGAIN
            _log.exception("held request could not be alerted", held_request=held_id)
            return False
