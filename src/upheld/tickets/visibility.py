"""Who may see which ticket and which message: the one function that every list, count, search and page starts from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from upheld.people.models import Agent, Membership
from upheld.rules.permissions import Role
from upheld.tickets.models import Message, Participant, Ticket


@dataclass(frozen=True, slots=True)
class AgentViewer:
    """An agent, with their role on each of their desks, and how each desk's language is searched."""

    agent_id: int
    roles: Mapping[int, Role] = field(default_factory=dict)
    search_configurations: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, agent: Agent) -> "AgentViewer":
        """Return the viewer for an agent's rights as they are now."""
        return cls.from_memberships(agent.pk, agent.memberships.select_related("desk"))

    @classmethod
    def from_memberships(cls, agent_id: int, memberships: Iterable[Membership]) -> "AgentViewer":
        """Return the viewer for memberships that were read together with their desks."""
        rows = list(memberships)
        return cls(
            agent_id,
            {each.desk_id: Role(each.role) for each in rows},
            {each.desk_id: each.desk.search_configuration for each in rows},
        )

    @property
    def desk_ids(self) -> tuple[int, ...]:
        return tuple(sorted(self.roles))


@dataclass(frozen=True, slots=True)
class ContactViewer:
    """A signed-in contact: sees the tickets in which they take part."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class LinkViewer:
    """Whoever holds the signed link of one participant: sees that ticket and nothing else."""

    participant_id: int
    ticket_id: int
    contact_id: int


Viewer = AgentViewer | ContactViewer | LinkViewer


def visible_tickets(viewer: Viewer) -> QuerySet[Ticket]:
    """Return the tickets that `viewer` may know of."""
    match viewer:
        case AgentViewer(roles=roles):
            if len(roles) == 1:
                return Ticket.objects.filter(desk_id=next(iter(roles)))
            return Ticket.objects.filter(desk_id__in=list(roles))
        case ContactViewer(contact_id=contact_id):
            mine = Participant.objects.filter(contact_id=contact_id, removed_at=None)
            return Ticket.objects.filter(pk__in=mine.values("ticket_id"))
        case LinkViewer(participant_id=participant_id, ticket_id=ticket_id):
            still = Participant.objects.filter(pk=participant_id, ticket_id=ticket_id, removed_at=None)
            return Ticket.objects.filter(pk__in=still.values("ticket_id"))


def visible_messages(viewer: Viewer, ticket: Ticket) -> QuerySet[Message]:
    """Return the messages of a visible ticket that `viewer` may read, oldest first."""
    messages = ticket.messages.order_by("at", "id")
    if isinstance(viewer, AgentViewer):
        return messages
    participant = participant_of(viewer, ticket)
    if participant is None:
        return messages.none()
    return messages.exclude(kind=Message.Kind.NOTE).filter(released=True, at__gte=participant.sees_from)


def participant_of(viewer: ContactViewer | LinkViewer, ticket: Ticket) -> Participant | None:
    """Return as which participant a customer sees the ticket, or None where they are none (any more)."""
    return (
        Participant.objects.filter(ticket=ticket, contact_id=viewer.contact_id, removed_at=None)
        .select_related("contact")
        .first()
    )


def role_of(viewer: Viewer, ticket: Ticket) -> Role:
    """Return what `viewer` is to a visible ticket's desk."""
    if isinstance(viewer, AgentViewer):
        return viewer.roles.get(ticket.desk_id, Role.visitor)
    return Role.participant
