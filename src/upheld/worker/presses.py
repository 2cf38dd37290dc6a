"""Presses whose time has come are done, each in a transaction of its own."""

import threading
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError

from upheld.mailboxes.horizon import moment
from upheld.tickets.actions import count_failure, do_press
from upheld.tickets.models import Press
from upheld.tickets.moment import Moment
from upheld.tickets.pressing import waiting
from upheld.worker.one_by_one import OneByOne

BATCH = 50
# A press that waits wakes the loop; this is how late it may notice that the time has come.
POLL = 0.5
_AGAIN = timedelta(minutes=1)


class Presser:
    """Does what is due. What fails is tried again after a while, and holds up no other press."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._rows = OneByOne("press", stop, again=_AGAIN)

    def look(self, now: datetime) -> int:
        """Do a batch; return how many were done."""
        due = waiting().filter(leaves_at__lte=now).exclude(pk__in=self._rows.resting(now))
        found = {row.pk: row for row in due.order_by("leaves_at", "pk")[:BATCH]}
        return self._rows.do(found, lambda pk: _do(found[pk], now), now)


def _do(press: Press, now: datetime) -> bool:
    try:
        return _as_pressed(press, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        count_failure(press.pk, now)
        raise


def _as_pressed(press: Press, now: datetime) -> bool:
    at = moment(press.desk_id, now, doing=press.pk)
    # It counts at the press, and nothing that is due later is settled by it.
    as_pressed = Moment(press.pressed_at, min(press.pressed_at, at.settled_by))
    return do_press(press.pk, as_pressed, now)
