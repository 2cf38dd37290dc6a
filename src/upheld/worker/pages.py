"""The clock of pages: who was called has their time, and then the next one is."""

import threading
from datetime import datetime, timedelta

from upheld.mailboxes.horizon import moment
from upheld.tickets.actions import call_next
from upheld.tickets.models import Page
from upheld.worker.one_by_one import OneByOne

BATCH = 100


class Caller:
    """Calls who is due. Calls wait for no unread mail: one more person who hears of a ticket does less harm than one
    too few."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._pages = OneByOne("page", stop, again=timedelta(minutes=1))

    def sweep(self, now: datetime) -> int:
        """Call the next person of every page that is due; return of how many."""
        due = Page.objects.filter(ended_at=None, next_at__lte=now).exclude(pk__in=self._pages.resting(now))
        desks = dict(due.order_by("next_at", "pk").values_list("pk", "ticket__desk_id")[:BATCH])
        return self._pages.do(desks, lambda page_id: call_next(page_id, moment(desks[page_id], now)), now)
