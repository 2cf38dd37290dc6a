"""What is swept out: sessions that have ended, heartbeats of workers that are long gone."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection

from upheld.worker.models import Heartbeat

INTERVAL = 600.0
FORGOTTEN_AFTER = timedelta(hours=1)


def tidy(now: datetime) -> None:
    """Remove what nobody needs any more."""
    Session.objects.filter(expire_date__lt=now).delete()
    Heartbeat.objects.filter(at__lt=now - FORGOTTEN_AFTER).delete()
    # Ten minutes of rest follow: the connection would only cost memory.
    connection.close()
