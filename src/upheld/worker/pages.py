"""The clock of pages: who was called has their time, and then the next one is."""

import threading
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError

from upheld.mailboxes.horizon import moment
from upheld.tickets.actions import call_next
from upheld.tickets.models import Page

BATCH = 100
_AGAIN = timedelta(minutes=1)
_log = structlog.get_logger(__name__)


class Caller:
    """Calls who is due, each in a transaction of its own. A page that fails is set aside in memory for a while, so that
    it holds up no other; a due time is never bent to hide a fault.

    Calls wait for no unread mail: one more person who hears of a ticket does less harm than one too few.
    """

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()
        self._resting: dict[int, datetime] = {}

    def sweep(self, now: datetime) -> int:
        """Call the next person of every page that is due; return of how many."""
        self._resting = {page: until for page, until in self._resting.items() if until > now}
        due = Page.objects.filter(ended_at=None, next_at__lte=now).exclude(pk__in=self._resting)
        pages = list(due.order_by("next_at", "pk").values_list("pk", "ticket__desk_id")[:BATCH])
        return sum(self._call(page_id, desk_id, now) for page_id, desk_id in pages if not self._stop.is_set())

    def _call(self, page_id: int, desk_id: int, now: datetime) -> bool:
        try:
            return call_next(page_id, moment(desk_id, now))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            self._resting[page_id] = now + _AGAIN
            _log.exception("nobody could be called", page=page_id)
            return False
