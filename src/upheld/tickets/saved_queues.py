"""Queues that are kept by name, as an agent has them: their desks' first, then their own."""

from django.db.models import F, Q, QuerySet

from upheld.rules.query_times import Named, Side, read_time
from upheld.rules.queue_query import Key, Query, Term
from upheld.tickets.models import SavedQueue
from upheld.tickets.visibility import AgentViewer

MOST = 60
# So many are counted beside the lists; counting more would take longer than reading them.
MOST_COUNTED = 20
_FEW_OF = frozenset({Key.tag, Key.sender, Key.organization, Key.site, Key.contract, Key.field})
_FEW_IN = frozenset({"overdue", "together", "snoozed", "restricted", "spam", "unassigned", "problem"})


def saved_queues(viewer: AgentViewer) -> QuerySet[SavedQueue]:
    """Return the queues that an agent has, in their order. What stands in one is asked for each anew."""
    shared = Q(agent=None, desk_id__in=viewer.desk_ids)
    own = Q(agent_id=viewer.agent_id, desk_id__in=viewer.desk_ids)
    in_order = (F("agent").asc(nulls_first=True), "desk__name", "position", "pk")
    return SavedQueue.objects.filter(shared | own).select_related("desk").order_by(*in_order)


def is_counted(query: Query) -> bool:
    """Whether counting what fits is cheap, however many tickets there are: some index holds what one of its terms asks
    for, and little else. Words, priorities and the like are found by looking at every open ticket."""
    return not query.words and any(_is_few(each) for each in query.terms)


def _is_few(term: Term) -> bool:
    if term.negated:
        return False
    if term.key is Key.due:
        times = [read_time(Key.due, each) for each in term.values]
        return all(each != Named("none") and getattr(each, "side", None) is not Side.beyond for each in times)
    if term.key is Key.state:
        return all(each in _FEW_IN for each in term.values)
    return term.key in _FEW_OF or term.key is Key.assignee


def ordered(saved: SavedQueue) -> QuerySet[SavedQueue]:
    """Return the queues among which this one has its place."""
    return SavedQueue.objects.filter(desk_id=saved.desk_id, agent_id=saved.agent_id).order_by(
        "position", "pk"
    )
