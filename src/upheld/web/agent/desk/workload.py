"""How many open tickets hang on somebody, as far as the one who looks may know."""

from collections.abc import Mapping

from django.db.models import Count

from upheld.desks.models import Desk
from upheld.tickets.visibility import AgentViewer, visible_tickets

DONE = ("resolved", "closed")


def open_tickets_by(column: str, viewer: AgentViewer, desk: Desk) -> Mapping[int, int]:
    """The open tickets of a desk by `assignee` or `team`."""
    tickets = visible_tickets(viewer).filter(desk=desk, is_spam=False, **{f"{column}__isnull": False})
    counted = tickets.exclude(status_category__in=DONE).order_by().values_list(f"{column}_id")
    return dict(counted.annotate(Count("pk")))
