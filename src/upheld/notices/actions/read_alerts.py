"""Note that an agent has read what they were told."""

from datetime import datetime

from upheld.notices.models import Alert


def read_alert(agent_id: int, alert_id: int, now: datetime) -> None:
    """One of the agent's own; another's is as good as none."""
    _mark(now, agent_id=agent_id, pk=alert_id)


def read_all_alerts(agent_id: int, now: datetime) -> int:
    """All that the agent has been told so far; returns how many were unread."""
    return _mark(now, agent_id=agent_id, created_at__lte=now)


def read_alerts_about(agent_id: int, ticket_id: int, now: datetime) -> int:
    """All about one ticket, since the agent is looking at it; returns how many were unread."""
    return _mark(now, agent_id=agent_id, ticket_id=ticket_id)


def _mark(now: datetime, **which: object) -> int:
    return Alert.objects.filter(read_at=None, **which).update(read_at=now)
