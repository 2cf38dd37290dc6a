"""What is looked at every ten minutes: sessions that have ended, heartbeats of workers and signs of
agents that are long gone, contracts that end soon."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection

from upheld.desks import present
from upheld.tickets.actions import remind_of_contracts, sweep_drafts
from upheld.tickets.models import Presence
from upheld.tickets.presence import FORGOTTEN_AFTER as AWAY_AFTER
from upheld.worker.models import Heartbeat

INTERVAL = 600.0
FORGOTTEN_AFTER = timedelta(hours=1)


def tidy(now: datetime) -> None:
    """Remove what nobody needs any more, and remind of what is about to end."""
    wall = present.by_the_wall(now)
    Session.objects.filter(expire_date__lt=wall).delete()
    Heartbeat.objects.filter(at__lt=wall - FORGOTTEN_AFTER).delete()
    Presence.objects.filter(seen_at__lt=wall - AWAY_AFTER).delete()
    remind_of_contracts(now)
    sweep_drafts(now)
    # Ten minutes of rest follow: the connection would only cost memory.
    connection.close()
