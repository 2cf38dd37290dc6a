"""What a ticket's page says of more attention for it: who works on it, who had it how long, who hears of it when."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from upheld.tickets.holding import Holding, holding
from upheld.tickets.ticket_page import TicketPage
from upheld.tickets.together import collaborators_of
from upheld.web.agent.escalation.rungs import LadderRows, ladders
from upheld.web.presenting.times import Times, When, length, plain_length
from upheld.web.viewer import Workplace

_TITLES = {"tier": gettext_lazy("Tier"), "team": gettext_lazy("Team"), "agent": gettext_lazy("Agent")}


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody who works on the ticket together with its assignee."""

    agent_id: int
    name: str
    role: str
    reason: str
    since: When
    asked_by: str
    is_me: bool


@dataclass(frozen=True, slots=True)
class HeldRow:
    holder: str
    elapsed: str
    working: str


@dataclass(frozen=True, slots=True)
class HeldTable:
    title: str
    rows: Sequence[HeldRow]


@dataclass(frozen=True, slots=True)
class Panel:
    """`may_join` is unset for whoever has the ticket, or works on it already. `tier` and `team` are where it is now."""

    tier: str
    team: str
    beside: Sequence[Beside]
    ladders: Sequence[LadderRows]
    held: Sequence[HeldTable]
    may_join: bool
    is_done: bool


def panel(page: TicketPage, workplace: Workplace, times: Times) -> Panel:
    """Return what the page shows; who works on it is asked for only where somebody does."""
    ticket = page.ticket
    beside = beside_of(page, workplace, times) if ticket.has_collaborators else []
    held = holding(ticket.received_at, page.story, page.policies, times.now)
    mine = ticket.assignee_id == workplace.agent.pk or any(each.is_me for each in beside)
    return Panel(
        tier=held.now.get("tier", ""),
        team=held.now.get("team", ""),
        beside=beside,
        ladders=ladders(page, times),
        held=held_tables(held),
        may_join=not mine,
        is_done=page.policy.status(page.standing.status).is_done,
    )


def beside_of(page: TicketPage, workplace: Workplace, times: Times) -> list[Beside]:
    """Return who works on a ticket together with its assignee."""
    known = {role: label for each in reversed(page.policies) for role, label in each.roles.items()}
    return [
        Beside(
            agent_id=each.agent_id,
            name=each.agent.name,
            role=known.get(each.role, each.role),
            reason=each.reason,
            since=times.when(each.joined_at),
            asked_by=each.joined_by.name if each.joined_by_id != each.agent_id else "",
            is_me=each.agent_id == workplace.agent.pk,
        )
        for each in collaborators_of(page.ticket)
    ]


def held_tables(held: Holding) -> list[HeldTable]:
    """Return how long each tier, team and agent had a ticket; a kind of holder that never had it is left out."""
    return [
        HeldTable(
            str(title),
            [
                HeldRow(each.holder, plain_length(each.elapsed), length(each.working))
                for each in held.by[name]
            ],
        )
        for name, title in _TITLES.items()
        if any(each.holder for each in held.by[name])
    ]
