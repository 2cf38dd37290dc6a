"""The people around tickets: who takes part, who hears of due times; asked once for all tickets of a transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from upheld.people.models import Absence, Agent
from upheld.people.roles import administrators_of as desk_administrators
from upheld.people.roles import filled_by
from upheld.rules.permissions import Role
from upheld.tickets.models import Participant, Ticket
from upheld.tickets.visibility import readers_of


class Filling(NamedTuple):
    """Who is told as a role; `is_filled` is unset where they are told because nobody fills it."""

    agents: tuple[Agent, ...]
    is_filled: bool


class Circle:
    """Remembers its answers; lives no longer than the transaction in which it is asked.

    `at` is the instant for which it is asked who is there; nobody counts as absent without one.
    """

    def __init__(self, at: datetime | None = None) -> None:
        """Ask for an instant."""
        self._at = at
        self._expected: dict[int, Ticket] = {}
        self._assignees: dict[tuple[int, int], Agent | None] = {}
        self._participants: dict[int, list[Participant]] = {}
        self._responsible: dict[tuple[int, int | None, int | None], list[Agent]] = {}
        self._filling: dict[tuple[object, ...], Filling] = {}
        self._readers: dict[int, list[Agent]] = {}

    def expect(self, tickets: Iterable[Ticket]) -> None:
        """Take note of the tickets about which questions may come, so that the first question asks for all of them."""
        self._expected |= {ticket.pk: ticket for ticket in tickets}

    def participants(self, ticket: Ticket) -> list[Participant]:
        """Who takes part in a ticket, its requester first."""
        if ticket.pk not in self._participants:
            asked = {ticket.pk, *self._expected} - self._participants.keys()
            self._participants |= {pk: [] for pk in asked}
            active = Participant.objects.filter(ticket_id__in=asked, removed_at=None)
            for each in active.select_related("contact").order_by("-is_requester", "id"):
                self._participants[each.ticket_id].append(each)
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

        Whoever cannot sign in any more is passed over, so that an alert does not end with somebody who left, and so is
        who is absent; where everybody is, the first circle hears of it all the same. Of a restricted ticket only its
        readers hear: the first of these circles in which there are any, else all of them.
        """
        if ticket.restricted:
            return self._responsible_readers(ticket)
        if assignee := self._assignee(ticket):
            return [assignee]
        place = (ticket.desk_id, ticket.team_id, ticket.assignee_id)
        if place not in self._responsible:
            circles = _circles(ticket)
            present = (list(self._present(each)) for each in circles)
            self._responsible[place] = next(filter(None, present), None) or next(
                filter(None, map(list, circles)), []
            )
        return self._responsible[place]

    def _assignee(self, ticket: Ticket) -> Agent | None:
        """To whom a ticket is assigned, where they are there."""
        if ticket.assignee_id is None:
            return None
        place = ticket.desk_id, ticket.assignee_id
        if place not in self._assignees:
            asked = [each for each in (ticket, *self._expected.values()) if each.desk_id == ticket.desk_id]
            ids = {each.assignee_id for each in asked if each.assignee_id is not None}
            working = Agent.objects.filter(
                pk__in=ids, user__is_active=True, memberships__desk_id=ticket.desk_id
            ).select_related("user")
            there = {each.pk: each for each in self._present(working)}
            self._assignees |= {(ticket.desk_id, each): there.get(each) for each in ids}
        return self._assignees[place]

    def _responsible_readers(self, ticket: Ticket) -> list[Agent]:
        readers, circles = self.readers(ticket), _circles(ticket)
        within = ([each for each in self._present(circle) if each in readers] for circle in circles)
        found = next(filter(None, within), [])
        if not found and readers:
            found = list(self._present(Agent.objects.filter(pk__in=[each.pk for each in readers])))
        return found or readers

    def _present(self, agents: QuerySet[Agent]) -> QuerySet[Agent]:
        """Those among agents who are not absent."""
        if self._at is None:
            return agents
        away = Absence.objects.filter(starts_at__lte=self._at, ends_at__gt=self._at)
        return agents.exclude(pk__in=away.values("agent_id")).select_related("user").order_by("pk")

    def hearing(self, ticket: Ticket) -> list[Agent]:
        """Who hears that the customer wrote: who is responsible, where it is assigned to somebody, and those who work
        on it together with them."""
        assigned = self.responsible(ticket) if ticket.assignee_id else []
        beside = Agent.objects.filter(
            collaborations__ticket=ticket,
            collaborations__left_at=None,
            user__is_active=True,
            memberships__desk_id=ticket.desk_id,
        )
        beside = self._present(beside).select_related("user").order_by("pk")
        reading = {each.pk for each in self.readers(ticket)} if ticket.restricted else None
        together = [each for each in beside if reading is None or each.pk in reading]
        return list({each.pk: each for each in (*assigned, *together)}.values())

    def readers(self, ticket: Ticket) -> list[Agent]:
        """Who may read a restricted ticket."""
        if ticket.pk not in self._readers:
            self._readers[ticket.pk] = list(readers_of(ticket))
        return self._readers[ticket.pk]

    def holders(self, ticket: Ticket, role: str, values: Mapping[str, str], at: datetime) -> list[Agent]:
        """Who fills a role at an instant, as `filling` says."""
        return list(self.filling(ticket, role, values, at).agents)

    def filling(self, ticket: Ticket, role: str, values: Mapping[str, str], at: datetime) -> Filling:
        """Who fills a role at an instant for a ticket of which `values` (product, region) are known, or the desk's
        administrators where nobody does; of a restricted one those among them who may read it."""
        known = {"product": "", "region": "", **values, "organization": str(ticket.organization_id or "")}
        place = (ticket.desk_id, role, known["product"], known["region"], known["organization"], at)
        if place not in self._filling:
            found = filled_by(ticket.desk_id, role, known, at)
            agents = tuple(found or desk_administrators(ticket.desk_id))
            self._filling[place] = Filling(agents, is_filled=bool(found))
        if not ticket.restricted:
            return self._filling[place]
        reading = {each.pk for each in self.readers(ticket)}
        found_here = self._filling[place]
        return Filling(
            tuple(each for each in found_here.agents if each.pk in reading), is_filled=found_here.is_filled
        )


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
