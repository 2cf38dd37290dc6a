"""The record of administrative changes."""

from datetime import datetime
from typing import Any

from upheld.desks.models import AuditEntry, Desk


def record(
    *, at: datetime, actor: str, action: str, subject: str, desk: Desk | None = None, **data: Any
) -> AuditEntry:
    """Write one audit entry in the caller's transaction; `data` is plain JSON and holds no secret."""
    return AuditEntry.objects.create(
        at=at, actor=actor[:254], action=action, subject=subject[:254], desk=desk, data=data
    )
