"""People who are named for something on a desk, whatever their role, and who named them and when."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from upheld.desks.models import AuditEntry, Desk
from upheld.people.models import NamedAuditor, NamedReader
from upheld.web.agent.policy.rows import name_of
from upheld.web.presenting.times import Times

SHOWN = 50


def named_rows(named: Iterable[NamedAuditor | NamedReader], times: Times) -> list[dict[str, Any]]:
    """Return a row for each of them."""
    return [
        {
            "id": each.agent_id,
            "name": each.agent.name,
            "address": each.agent.address,
            "since": times.when(each.added_at),
            "by": name_of(each.added_by),
        }
        for each in named
    ]


def naming_history(desk: Desk, times: Times, *, named: str, struck: str, left: str) -> list[dict[str, Any]]:
    """Return who was named and struck, the latest first, by the audit's actions; `left` marks there who was named when
    they were taken off the desk."""
    entries = AuditEntry.objects.filter(
        Q(action__in=(named, struck)) | Q(action="agent taken off the desk", **{f"data__{left}": True}),
        desk=desk,
    ).order_by("-at", "-id")[:SHOWN]
    return [
        {
            "at": times.when(each.at),
            "by": name_of(each.actor),
            "address": each.subject,
            "is_named": each.action == named,
        }
        for each in entries
    ]
