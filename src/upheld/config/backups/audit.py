"""What the audit of each desk says of backups. Django is set up before these are called."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from upheld.config.commands.selecting import acting_person


def note(action: str, file: Path, now: datetime, **data: Any) -> None:
    """Write it into the audit of every desk, since its administrators read no other."""
    from upheld.desks.audit import record
    from upheld.desks.models import Desk

    for desk in Desk.objects.order_by("pk"):
        record(at=now, actor=acting_person(), action=action, subject=file.name, desk=desk, **data)
