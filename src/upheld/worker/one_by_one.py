"""Rows that are due, each done in a transaction of its own: one that fails holds up no other."""

import threading
from collections.abc import Callable, Iterable, Set
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError

_log = structlog.get_logger(__name__)


class OneByOne:
    """Does due rows by their ids. One that fails is set aside in memory for `again`; a due time is never bent to hide a
    fault, and a worker that starts anew tries it anew."""

    def __init__(self, what: str, stop: threading.Event | None, *, again: timedelta) -> None:
        """`what` is how the log calls a row that could not be done."""
        self._what, self._again = what, again
        self._stop = stop or threading.Event()
        self._resting: dict[int, datetime] = {}

    def resting(self, now: datetime) -> Set[int]:
        """Return the rows that are not to be tried yet."""
        self._resting = {row: until for row, until in self._resting.items() if until > now}
        return self._resting.keys()

    def do(self, rows: Iterable[int], deed: Callable[[int], bool], now: datetime) -> int:
        """Do something about each row until told to stop; return for how many it did something."""
        return sum(self._try(row, deed, now) for row in rows if not self._stop.is_set())

    def _try(self, row: int, deed: Callable[[int], bool], now: datetime) -> bool:
        try:
            return deed(row)
        except (OperationalError, InterfaceError):
            # The database is away, which says nothing about the row.
            raise
        except Exception:
            self._resting[row] = now + self._again
            _log.exception("row could not be done", what=self._what, row=row)
            return False
