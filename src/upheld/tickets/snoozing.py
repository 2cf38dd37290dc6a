"""What agents put off comes back: at its time, or earlier where something happens that they must not miss.

A snooze is an agent's own. It moves no clock, no colleague sees it, and it is no line of the story.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from upheld.notices.models import Alert, NoticeKind
from upheld.people.models import Agent
from upheld.tickets.models import Snooze, StoryEvent
from upheld.tickets.visibility import AgentViewer, visible_tickets

_DONE = ("resolved", "closed")
# What tells an agent something of the ticket and yet need not bring it back before its time.
_NO_REASON = frozenset({NoticeKind.NOT_DONE, NoticeKind.SNOOZE_OVER})


class Because(StrEnum):
    """Why a snooze ended."""

    time = "time"
    customer = "customer"
    clock = "clock"
    told = "told"
    woken = "woken"


def stirs(lines: Sequence[StoryEvent]) -> Because | None:
    """Return why these new lines of a ticket's story bring it back to everybody who put it off; None where they do
    not."""
    # Nobody can have put off what has just begun.
    lines = [] if any(line.kind == "opened" for line in lines) else lines
    for line in lines:
        if line.kind == "message" and line.actor == "customer":
            return Because.customer
        if line.kind == "warned" or (line.kind == "verdict" and line.data.get("verdict") == "breached"):
            return Because.clock
    return None


def bring_back(stirred: Mapping[int, Because], alerts: Sequence[Alert], at: datetime) -> list[Alert]:
    """End the snoozes of tickets to which something happened, and of those of which `alerts` tell an agent. Returns
    what is to be told to agents who are told nothing of it otherwise."""
    told = {(each.agent_id, each.ticket_id) for each in alerts if each.kind not in _NO_REASON}
    tickets = {*stirred, *(ticket_id for _, ticket_id in told if ticket_id)}
    if not tickets:
        return []
    ended = []
    for each in _running().filter(ticket_id__in=tickets).order_by("pk"):
        is_told = (each.agent_id, each.ticket_id) in told
        because = stirred.get(each.ticket_id) or (Because.told if is_told else None)
        if because is not None:
            ended.append(_end(each, because, at))
    return [_alert(each) for each in ended if (each.agent_id, each.ticket_id) not in told and _may_see(each)]


def end_those_over(now: datetime, most: int) -> list[Alert]:
    """End snoozes whose time has come, at most so many; returns what is to be told of them."""
    over = _running().filter(until__lte=now).select_for_update(of=("self",), skip_locked=True)
    ended = [_end(each, Because.time, each.until) for each in over.order_by("until", "pk")[:most]]
    return [_alert(each) for each in ended if each.ticket.status_category not in _DONE and _may_see(each)]


def _running() -> QuerySet[Snooze]:
    return Snooze.objects.filter(ended_at=None).select_related("agent__user", "ticket")


def _end(snooze: Snooze, because: Because, at: datetime) -> Snooze:
    snooze.ended_at, snooze.ended_because = at, because
    snooze.save(update_fields=["ended_at", "ended_because"])
    return snooze


def _may_see(snooze: Snooze) -> bool:
    """Somebody who may not know of the ticket any more hears nothing of it."""
    return visible_tickets(AgentViewer.of(snooze.agent)).filter(pk=snooze.ticket_id).exists()


def _alert(snooze: Snooze) -> Alert:
    agent: Agent = snooze.agent
    at = snooze.ended_at or snooze.until
    return Alert(
        desk_id=snooze.ticket.desk_id,
        agent=agent,
        kind=NoticeKind.SNOOZE_OVER,
        key=f"{snooze.ticket_id}:snooze:{snooze.pk}:{at.timestamp():.0f}:agent:{agent.pk}",
        ticket_id=snooze.ticket_id,
        ticket_number=snooze.ticket.number,
        data={"because": snooze.ended_because},
        at=at,
        created_at=at,
        leaves_at=at,
    )
