"""Which tickets a contract has paid for."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from upheld.people.models import Contract
from upheld.tickets.models import Ticket
from upheld.tickets.visibility import AgentViewer, visible_tickets


def incidents_used(contract_ids: Iterable[int]) -> dict[int, int]:
    """Return how many tickets each contract has paid for, exactly, whoever may see them."""
    ids = list(contract_ids)
    if not ids:
        return {}
    rows = Ticket.objects.filter(contract_id__in=ids, is_spam=False).order_by().values_list("contract_id")
    return dict(rows.annotate(Count("pk")))


def incidents_seen(viewer: AgentViewer, contract_ids: Iterable[int]) -> dict[int, int]:
    """Return the same as far as an agent may see the tickets."""
    rows = visible_tickets(viewer).filter(contract_id__in=list(contract_ids), is_spam=False).order_by()
    return dict(rows.values_list("contract_id").annotate(Count("pk")))


def tickets_under(viewer: AgentViewer, contract: Contract) -> QuerySet[Ticket]:
    """Return the tickets under a contract as far as an agent may see them, the latest first."""
    found = visible_tickets(viewer).filter(contract=contract, desk_id=contract.desk_id, is_spam=False)
    return found.select_related("requester").order_by("-received_at", "-pk")
