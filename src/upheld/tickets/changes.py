"""The changes that can be made of many tickets at once, as plain values: `{"do": "assign", "to": 12}`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, ClassVar

from upheld.people.models import Agent, Team
from upheld.rules.permissions import Act
from upheld.tickets import actions
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.spelling_labels import spelled
from upheld.tickets.models import Macro, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import AgentViewer, visible_tickets


@dataclass(frozen=True, slots=True)
class Change(ABC):
    """One change. `value` is what it sets, `reason` why, where a reason belongs to it."""

    value: Any = None
    reason: str = ""
    act: ClassVar[Act]

    def check(self, agent: Agent, desk_id: int) -> None:
        """Raise Refused for what can be done on no ticket of the desk."""
        return

    @abstractmethod
    def do(self, ticket_id: int, agent: Agent, moment: Moment) -> None:
        """Change one ticket. Raises NotAllowed or Refused."""


class _Assign(Change):
    act = Act.assign

    def check(self, agent: Agent, desk_id: int) -> None:
        self._assignee(desk_id)

    def do(self, ticket_id: int, agent: Agent, moment: Moment) -> None:
        desk_id = Ticket.objects.values_list("desk_id", flat=True).get(pk=ticket_id)
        actions.assign(ticket_id, agent, self._assignee(desk_id), moment)

    def _assignee(self, desk_id: int) -> Agent | None:
        if self.value is None:
            return None
        colleagues = Agent.objects.filter(memberships__desk_id=desk_id).select_related("user")
        found = colleagues.filter(pk=self.value).first()
        if found is None:
            raise Refused("Choose one of the desk's agents.")
        return found


class _GiveToTeam(Change):
    act = Act.hand_over

    def check(self, agent: Agent, desk_id: int) -> None:
        self._team(desk_id)
        if not self.reason.strip():
            raise Refused("Say why it goes to somebody else: who takes it over reads that first.")

    def do(self, ticket_id: int, agent: Agent, moment: Moment) -> None:
        desk_id = Ticket.objects.values_list("desk_id", flat=True).get(pk=ticket_id)
        actions.hand_over(ticket_id, agent, actions.Goal(team=self._team(desk_id)), self.reason, moment)

    def _team(self, desk_id: int) -> Team:
        found = Team.objects.filter(pk=self.value, desk_id=desk_id).first()
        if found is None:
            raise Refused("That is no team of this desk. Choose one of the list.")
        return found


class _SetStatus(Change):
    act = Act.set_status

    def do(self, ticket_id: int, agent: Agent, moment: Moment) -> None:
        actions.set_status(ticket_id, agent, self.value, moment, reason=self.reason)


class _SetPriority(Change):
    act = Act.set_priority

    def do(self, ticket_id: int, agent: Agent, moment: Moment) -> None:
        actions.set_priority(ticket_id, agent, self.value, moment, reason=self.reason)


class _Tag(Change):
    act = Act.change_tags

    def check(self, agent: Agent, desk_id: int) -> None:
        spelled(self.value)

    def do(self, ticket_id: int, agent: Agent, moment: Moment) -> None:
        actions.tag_ticket(ticket_id, agent, self.value, moment)


class _Untag(_Tag):
    def do(self, ticket_id: int, agent: Agent, moment: Moment) -> None:
        actions.untag_ticket(ticket_id, agent, self.value, moment)


class _Snooze(Change):
    act = Act.read_ticket

    def do(self, ticket_id: int, agent: Agent, moment: Moment) -> None:
        actions.snooze(ticket_id, agent, datetime.fromisoformat(self.value), moment.at)


class _Wake(Change):
    act = Act.read_ticket

    def do(self, ticket_id: int, agent: Agent, moment: Moment) -> None:
        actions.end_snooze(ticket_id, agent, moment.at)


class _MarkSpam(Change):
    act = Act.mark_spam

    def do(self, ticket_id: int, agent: Agent, moment: Moment) -> None:
        actions.mark_spam(ticket_id, agent, moment)


class _Merge(Change):
    act = Act.merge_tickets

    def check(self, agent: Agent, desk_id: int) -> None:
        into = visible_tickets(AgentViewer.of(agent)).filter(desk_id=desk_id, number=self.value)
        if not into.exists():
            raise Refused(f"There is no ticket {self.value} on this desk to merge them into.")

    def do(self, ticket_id: int, agent: Agent, moment: Moment) -> None:
        if Ticket.objects.values_list("number", flat=True).get(pk=ticket_id) != self.value:
            actions.merge_tickets(ticket_id, self.value, agent, moment)


class _RunMacro(Change):
    act = Act.read_ticket

    def check(self, agent: Agent, desk_id: int) -> None:
        self._macro(agent, desk_id)

    def do(self, ticket_id: int, agent: Agent, moment: Moment) -> None:
        desk_id = Ticket.objects.values_list("desk_id", flat=True).get(pk=ticket_id)
        # A macro may hold what is changed here, so it knows this module.
        import_module("upheld.tickets.presses.macro").run(
            self._macro(agent, desk_id), ticket_id, agent, moment
        )

    def _macro(self, agent: Agent, desk_id: int) -> Macro:
        found = Macro.objects.filter(pk=self.value, desk_id=desk_id).first()
        if found is None or found.agent_id not in (None, agent.pk):
            raise Refused("There is no such macro any more. Choose one of the list.")
        return found


_CHANGES: Mapping[str, type[Change]] = {
    "assign": _Assign,
    "team": _GiveToTeam,
    "status": _SetStatus,
    "priority": _SetPriority,
    "tag": _Tag,
    "untag": _Untag,
    "snooze": _Snooze,
    "wake": _Wake,
    "spam": _MarkSpam,
    "merge": _Merge,
    "macro": _RunMacro,
}


def change_of(data: Mapping[str, Any]) -> Change:
    """Read a change from plain values; raises Refused for what is none."""
    kind = _CHANGES.get(data.get("do", ""))
    if kind is None:
        raise Refused("Choose what to do with the tickets first.")
    return kind(data.get("to"), str(data.get("reason", "")))
