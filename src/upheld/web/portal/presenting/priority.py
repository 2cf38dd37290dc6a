"""What a customer reads of their priority: which one holds, which one they asked for, and why it is another."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.policy import Policy, Standing
from upheld.tickets.models import StoryEvent, Ticket
from upheld.tickets.naming import highest_above


@dataclass(frozen=True, slots=True)
class PriorityTold:
    """`note` says what was asked for and why another one holds; `highest` is the level that a press of the button
    gives, empty where there is none to give."""

    label: str
    note: str
    highest: str


def priority_told(ticket: Ticket, policy: Policy, standing: Standing) -> PriorityTold:
    """Return it for a ticket as it stands. A reason is told only where an agent said that it may be."""
    holds = policy.priority(standing.priority)
    top = highest_above(policy, holds.id)
    is_done = policy.status(standing.status).is_done
    return PriorityTold(
        label=holds.label,
        note=_note(ticket, policy, holds.id),
        highest=top.label if top is not None and not is_done else "",
    )


def _note(ticket: Ticket, policy: Policy, holds: str) -> str:
    requested = ticket.requested_priority
    reason = _reason(ticket, holds)
    if not policy.has_priority(requested) or requested == holds:
        return _("We set it: %(reason)s") % {"reason": reason} if reason else ""
    said = {
        "asked": policy.priority(requested).label,
        "holds": policy.priority(holds).label,
        "reason": reason,
    }
    if reason:
        return _("You asked for %(asked)s. It is %(holds)s now: %(reason)s") % said
    return _("You asked for %(asked)s. It is %(holds)s now.") % said


def _reason(ticket: Ticket, holds: str) -> str:
    """Why the priority that holds was given, where that may be told."""
    last = StoryEvent.objects.filter(ticket=ticket, kind="priority").order_by("at", "seq").last()
    if last is None or not last.data.get("told") or last.data.get("to") != holds:
        return ""
    return str(last.data.get("reason") or "")
