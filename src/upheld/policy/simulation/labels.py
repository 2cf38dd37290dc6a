"""What metrics and consequences are called in tables and sentences."""

from upheld.policy.standing import Metric
from upheld.policy.wording import ENGLISH

_SORTS = {
    ("warned", "warning"): ("warning", "warnings"),
    ("warned", "aim"): ("aim passed", "aims passed"),
    ("escalated", ""): ("escalation", "escalations"),
    ("escalated", "page"): ("escalation that pages", "escalations that page"),
    ("reminder", "agent"): ("reminder to an agent", "reminders to agents"),
    ("reminder", "customer"): ("reminder to the customer", "reminders to customers"),
    ("status", "automatic"): ("change of status by itself", "changes of status by themselves"),
    ("status", "reply"): ("change of status by a reply", "changes of status by a reply"),
    ("new_ticket", ""): ("message too late to reopen", "messages too late to reopen"),
    ("correction", "agent"): ("correction", "corrections"),
    ("update", "met"): ("update in time", "updates in time"),
    ("update", "breached"): ("missed update", "missed updates"),
}


def metric_label(metric: str) -> str:
    """Return the name of a metric."""
    return ENGLISH.metrics[Metric(metric)]


def sort_label(kind: str, detail: str, count: int = 2) -> str:
    """Return what so many consequences of a sort are called; of a sort that has no name, its kind."""
    one, many = _SORTS.get((kind, detail), ("", ""))
    if many:
        return one if count == 1 else many
    return f"{kind} ({detail})" if detail else kind
