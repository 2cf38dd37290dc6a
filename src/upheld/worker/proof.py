"""Every night all stories are replayed, in a process of its own that lets everybody else go first.

What is ordered is a row; a worker that finds one lets it be done. A process that is killed leaves its row open, and is
begun anew; that two workers never do it side by side, a lock of the database sees to.
"""

import subprocess
import sys
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import QuerySet

from upheld.desks.models import Desk
from upheld.tickets.models import Verification
from upheld.tickets.verifying import NIGHTLY, begin, is_under_way, ordered

INTERVAL = 60.0
# Deep in the night of the machine's own clock, in UTC: there is no one night for desks all over the world.
BEGINS, ENDS = 2, 5
_EACH = timedelta(hours=20)
_PATIENCE = 6 * 3600
_log = structlog.get_logger(__name__)


class Prover:
    """Orders the nightly run, and lets what is ordered be done."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._since: datetime | None = None

    def look(self, now: datetime) -> None:
        """Order a run when the night has come, and begin what waits, unless one is under way."""
        # The nights of a lab are seconds long; there it is proved when somebody asks for it.
        if is_night(now) and not settings.LAB:
            for desk in _not_yet_tonight(now):
                begin(NIGHTLY, now, desk)
        if not self._is_busy(now) and not is_under_way() and (run := ordered(now)) is not None:
            self._start(run, now)

    def close(self) -> None:
        """End what was begun; its row stays open, and the next worker begins it anew."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def _start(self, run: Verification, now: datetime) -> None:
        _log.info("verification begun", run=run.pk, by=run.by)
        command = [sys.executable, "-m", "upheld", "verify", "--run", str(run.pk)]
        self._process = subprocess.Popen(  # noqa: S603 - our own program, and a number
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        self._since = now

    def _is_busy(self, now: datetime) -> bool:
        if self._process is None or self._process.poll() is not None:
            return False
        if self._since is not None and now - self._since > timedelta(seconds=_PATIENCE):
            self._process.kill()
        return True


def is_night(now: datetime) -> bool:
    """Whether it is the hour of the nightly run."""
    return BEGINS <= now.hour < ENDS


def _not_yet_tonight(now: datetime) -> QuerySet[Desk]:
    done = Verification.objects.filter(by=NIGHTLY, started_at__gt=now - _EACH)
    return Desk.objects.exclude(pk__in=done.values("desk_id")).order_by("pk")
