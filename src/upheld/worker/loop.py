"""One loop of the worker: work while there is work, else wait to be woken."""

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from upheld.desks import present

_FIRST_REST = 0.2
_LONGEST_REST = 5.0
_LONG_REST = 5.0
_log = structlog.get_logger(__name__)


class Loop:
    """Calls `step` with the time, read once a call, until told to stop; a falsy answer means that nothing is left.

    Nothing ends a loop but `stop`. Trouble makes it rest, longer each time; one line is logged when the database
    goes and one when it is back.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[datetime], object],
        stop: threading.Event,
        *,
        poll: float = 1.0,
        idle: Callable[[], None] | None = None,
    ) -> None:
        self.name = name
        self.wake = threading.Event()
        self.busy_since: datetime | None = None
        self._step, self._stop, self._poll, self._idle = step, stop, poll, idle
        self._rest = _FIRST_REST
        self._database_is_away = False
        self.thread = threading.Thread(target=self.run, name=f"worker-{name}", daemon=True)

    def run(self) -> None:
        """Work until told to stop."""
        while not self._stop.is_set():
            # Cleared before the work: a wake that comes during it must lead to another look.
            self.wake.clear()
            if not self._once() and not self._stop.is_set():
                if self._poll >= _LONG_REST:
                    # An idle connection costs the database megabytes.
                    connection.close()
                self.wake.wait(present.rest(self._poll))
        connection.close()

    def _once(self) -> bool:
        """Do one step; return whether there may be more to do at once."""
        now = present.now()
        try:
            if self.busy_since is None:
                # Only after a rest: between two steps of one run the connection was just in use.
                close_old_connections()
            more = bool(self._step(now))
            self.busy_since = (self.busy_since or now) if more else None
            if not more and self._idle:
                self._idle()
        except (OperationalError, InterfaceError) as error:
            self._database_trouble(error)
        except Exception:
            _log.exception("loop stumbled", loop=self.name)
            self._pause()
        else:
            self._recovered()
            return more
        return False

    def _database_trouble(self, error: Exception) -> None:
        if not self._database_is_away:
            self._database_is_away = True
            _log.error("database is away", loop=self.name, error=" ".join(str(error).split())[:300])
        connection.close()
        self._pause()

    def _pause(self) -> None:
        self.busy_since = None
        self._stop.wait(self._rest)
        self._rest = min(self._rest * 2, _LONGEST_REST)

    def _recovered(self) -> None:
        if self._database_is_away:
            _log.info("database is back", loop=self.name)
        self._database_is_away = False
        self._rest = _FIRST_REST
