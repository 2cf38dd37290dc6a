"""The people around tickets: who takes part, who hears of due times; asked once for all tickets of a transaction."""

from collections.abc import Mapping

from django.db.models import QuerySet

from upheld.people.models import Agent
from upheld.people.roles import holders
from upheld.rules.permissions import Role
from upheld.tickets.models import Participant, Ticket


class Circle:
    """Remembers its answers; lives no longer than the transaction in which it is asked."""

    def __init__(self) -> None:
        self._participants: dict[int, list[Participant]] = {}
        self._responsible: dict[tuple[int, int | None, int | None], list[Agent]] = {}
        self._holders: dict[tuple[int, str, str, str], list[Agent]] = {}

    def participants(self, ticket: Ticket) -> list[Participant]:
        """Who takes part in a ticket, its requester first."""
        if ticket.pk not in self._participants:
            active = ticket.participants.filter(removed_at=None).select_related("contact")
            self._participants[ticket.pk] = list(active.order_by("-is_requester", "id"))
        return self._participants[ticket.pk]

    def remember(self, ticket: Ticket, participants: list[Participant]) -> None:
        """Take note of the participants of a ticket that was just opened."""
        self._participants[ticket.pk] = participants

    def forget(self, ticket: Ticket) -> None:
        """Ask again who takes part, since that changed."""
        self._participants.pop(ticket.pk, None)

    def requester(self, ticket: Ticket) -> Participant | None:
        """Who asked, or None where they were put out."""
        return next((each for each in self.participants(ticket) if each.is_requester), None)

    def responsible(self, ticket: Ticket) -> list[Agent]:
        """Who hears of a ticket's due times: its assignee; else its team; else the desk's leads; else administrators.

        Whoever cannot sign in any more is passed over, so that an alert does not end with somebody who left.
        """
        place = (ticket.desk_id, ticket.team_id, ticket.assignee_id)
        if place not in self._responsible:
            self._responsible[place] = next(filter(None, map(list, _circles(ticket))), [])
        return self._responsible[place]

    def holders(self, ticket: Ticket, role: str, values: Mapping[str, str]) -> list[Agent]:
        """Who fills a role for a ticket of which `values` (product, region) are known."""
        place = (ticket.desk_id, role, values.get("product", ""), values.get("region", ""))
        if place not in self._holders:
            self._holders[place] = holders(ticket.desk_id, role, values)
        return self._holders[place]


def _circles(ticket: Ticket) -> list[QuerySet[Agent]]:
    on_the_desk = Agent.objects.filter(user__is_active=True, memberships__desk_id=ticket.desk_id)
    circles = [
        on_the_desk.filter(pk=ticket.assignee_id) if ticket.assignee_id else None,
        on_the_desk.filter(teams=ticket.team_id) if ticket.team_id else None,
        _holding(ticket, Role.lead),
        _holding(ticket, Role.administrator),
    ]
    return [circle.select_related("user").order_by("pk") for circle in circles if circle is not None]


def _holding(ticket: Ticket, role: Role) -> QuerySet[Agent]:
    return Agent.objects.filter(
        user__is_active=True, memberships__desk_id=ticket.desk_id, memberships__role=role.value
    )
