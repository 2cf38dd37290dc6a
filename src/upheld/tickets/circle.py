"""The people around tickets: who takes part, who hears of due times; asked once for all tickets of a transaction."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from upheld.people.models import Agent
from upheld.people.roles import holders
from upheld.rules.permissions import Role
from upheld.tickets.models import Participant, Ticket
from upheld.tickets.visibility import readers_of


class Circle:
    """Remembers its answers; lives no longer than the transaction in which it is asked."""

    def __init__(self) -> None:
        self._participants: dict[int, list[Participant]] = {}
        self._responsible: dict[tuple[int, int | None, int | None], list[Agent]] = {}
        self._holders: dict[tuple[object, ...], list[Agent]] = {}
        self._readers: dict[int, list[Agent]] = {}

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
        """Ask again who takes part and who reads, since that changed."""
        self._participants.pop(ticket.pk, None)
        self._readers.pop(ticket.pk, None)

    def requester(self, ticket: Ticket) -> Participant | None:
        """Who asked, or None where they were put out."""
        return next((each for each in self.participants(ticket) if each.is_requester), None)

    def responsible(self, ticket: Ticket) -> list[Agent]:
        """Who hears of a ticket's due times: its assignee; else its team; else the desk's leads; else administrators.

        Whoever cannot sign in any more is passed over, so that an alert does not end with somebody who left. Of a
        restricted ticket only its readers hear: the first of these circles in which there are any, else all of them.
        """
        if ticket.restricted:
            readers = self.readers(ticket)
            within = ([each for each in circle if each in readers] for circle in _circles(ticket))
            return next(filter(None, within), readers)
        place = (ticket.desk_id, ticket.team_id, ticket.assignee_id)
        if place not in self._responsible:
            self._responsible[place] = next(filter(None, map(list, _circles(ticket))), [])
        return self._responsible[place]

    def readers(self, ticket: Ticket) -> list[Agent]:
        """Who may read a restricted ticket."""
        if ticket.pk not in self._readers:
            self._readers[ticket.pk] = list(readers_of(ticket))
        return self._readers[ticket.pk]

    def holders(self, ticket: Ticket, role: str, values: Mapping[str, str], at: datetime) -> list[Agent]:
        """Who fills a role at an instant for a ticket of which `values` (product, region) are known; of a restricted
        one those among them who may read it."""
        known = {"product": "", "region": "", **values, "organization": str(ticket.organization_id or "")}
        place = (ticket.desk_id, role, known["product"], known["region"], known["organization"], at)
        if place not in self._holders:
            self._holders[place] = holders(ticket.desk_id, role, known, at)
        if not ticket.restricted:
            return self._holders[place]
        reading = {each.pk for each in self.readers(ticket)}
        return [each for each in self._holders[place] if each.pk in reading]


def administrators_of(ticket: Ticket) -> list[Agent]:
    """Return the administrators of a ticket's desk who can sign in."""
    return list(_holding(ticket, Role.administrator).select_related("user").order_by("pk"))


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
