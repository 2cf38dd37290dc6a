"""Who sees the figures of a desk over all its tickets: its named auditors, as long as they work there."""

from collections.abc import Iterable

from django.db.models import F

from upheld.desks.models import Desk
from upheld.people.models import NamedAuditor


def audited(agent_id: int, desk_ids: Iterable[int]) -> frozenset[int]:
    """Return which of some desks an agent audits now."""
    named = NamedAuditor.objects.filter(agent_id=agent_id, desk_id__in=list(desk_ids))
    at_work = named.filter(agent__user__is_active=True, agent__memberships__desk_id=F("desk_id"))
    return frozenset(at_work.values_list("desk_id", flat=True))


def auditors_of(desk: Desk) -> list[NamedAuditor]:
    """Return the auditors of a desk with their agents, in the order in which they were named."""
    return list(
        NamedAuditor.objects.filter(desk=desk).select_related("agent__user").order_by("added_at", "pk")
    )
