"""The clock of third parties: the desk is reminded of whom its tickets wait for, and no longer than they do."""

import threading
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import Q

from upheld.mailboxes.horizon import moment
from upheld.tickets.actions import remind_of_third_party
from upheld.tickets.models import ThirdPartyWait
from upheld.tickets.moment import Moment
from upheld.tickets.third_parties import DONE
from upheld.worker.clocks import UNDER_WAY

BATCH = 100
_AGAIN = timedelta(minutes=5)
_log = structlog.get_logger(__name__)


class ThirdPartySweeper:
    """Reminds of what is due and ends what is over with its ticket, each in a transaction of its own. One that fails is
    set aside in memory for a while, so that it holds up no other."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()
        self._resting: dict[int, datetime] = {}

    def sweep(self, now: datetime) -> int:
        """Do what is due about every wait; return of how many something was done."""
        self._resting = {wait: until for wait, until in self._resting.items() if until > now}
        due = Q(remind_at__lte=now) | Q(ticket__status_category__in=DONE)
        waits = ThirdPartyWait.objects.filter(due, ended_at=None).exclude(pk__in=self._resting)
        found = waits.order_by("remind_at", "pk").values_list("pk", "ticket__desk_id")[:BATCH]
        return sum(
            self._remind(wait_id, desk_id, now) for wait_id, desk_id in list(found) if not self._stop.is_set()
        )

    def _remind(self, wait_id: int, desk_id: int, now: datetime) -> bool:
        try:
            known = moment(desk_id, now)
            # A reply that was pressed just before a deadline may still be on its way into the database.
            settled_by = min(known.settled_by, now - UNDER_WAY)
            return remind_of_third_party(wait_id, Moment(known.at, settled_by))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            self._resting[wait_id] = now + _AGAIN
            _log.exception("third party could not be reminded of", wait=wait_id)
            return False
