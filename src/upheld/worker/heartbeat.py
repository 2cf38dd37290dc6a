"""The worker's sign of life, and what it wants doctors to know."""

import os
import socket
from datetime import datetime
from typing import Any

from upheld.desks import present
from upheld.worker.clocks import Sweeper
from upheld.worker.models import Heartbeat

INTERVAL = 5.0
_SHOWN = 50


def worker_name() -> str:
    """Return the name of this process among all workers."""
    return f"{socket.gethostname()[:100]}:{os.getpid()}"


class Pulse:
    """Writes the heartbeat of this process. `started_at` is when it beat first."""

    def __init__(self, sweeper: Sweeper) -> None:
        self._sweeper = sweeper
        self._started_at: datetime | None = None

    def beat(self, now: datetime) -> None:
        """Write one heartbeat; doctors listen by the clock on the wall."""
        now = present.by_the_wall(now)
        self._started_at = self._started_at or now
        beat = Heartbeat(name=worker_name(), at=now, started_at=self._started_at, data=self._data())
        Heartbeat.objects.bulk_create(
            [beat],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at", "started_at", "data"],
        )

    def end(self) -> None:
        """Take the heartbeat back: a worker that stopped in order is not one that died."""
        Heartbeat.objects.filter(name=worker_name()).delete()

    def _data(self) -> dict[str, Any]:
        ailing = self._sweeper.ailing
        shown = sorted(ailing.items(), key=lambda each: each[1].since)[:_SHOWN]
        return {
            "ailing_count": len(ailing),
            "ailing": [
                {"ticket": ticket, "since": ill.since.isoformat(), "error": ill.error, "tries": ill.tries}
                for ticket, ill in shown
            ],
        }
