"""What agents put off comes back at its time. Lists show it by themselves then; this tells of it."""

from datetime import datetime

from upheld.tickets.actions import end_snoozes

POLL = 5.0


def wake(now: datetime) -> int:
    """Bring a batch back; return of how many somebody was told."""
    return end_snoozes(now)
