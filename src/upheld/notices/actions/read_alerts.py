"""Note that an agent has read what they were told."""

from datetime import datetime

from django.db import transaction

from upheld.desks.telling import tell_agents
from upheld.notices.models import Alert


@transaction.atomic
def read_alert(agent_id: int, alert_id: int, now: datetime) -> None:
    """One of the agent's own; another's is as good as none."""
    _mark(now, agent_id=agent_id, pk=alert_id)


@transaction.atomic
def read_all_alerts(agent_id: int, now: datetime) -> int:
    """All that the agent has been told so far; returns how many were unread."""
    return _mark(now, agent_id=agent_id, created_at__lte=now)


@transaction.atomic
def read_alerts_about(agent_id: int, ticket_id: int, now: datetime) -> int:
    """All about one ticket, since the agent is looking at it; returns how many were unread."""
    return _mark(now, agent_id=agent_id, ticket_id=ticket_id)


def _mark(now: datetime, *, agent_id: int, **which: object) -> int:
    read = Alert.objects.filter(read_at=None, agent_id=agent_id, **which).update(read_at=now)
    if read:
        tell_agents([agent_id])
    return read
