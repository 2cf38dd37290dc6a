"""Who may see which ticket and which message: the one function that every list, count, search and page starts from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import F, OuterRef, Q, QuerySet

from upheld.people.models import Affiliation, Agent, Membership, NamedReader, Partnership
from upheld.rules.permissions import Role
from upheld.tickets.merged import taken_in
from upheld.tickets.models import HeldRequest, Message, Participant, Reader, Ticket


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
    """A signed-in contact: sees the tickets in which they take part, those of an organization of theirs that granted
    them all, and those of the customers whom an organization of theirs serves as a partner."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class LinkViewer:
    """Whoever holds the signed link of one participant: sees that ticket and nothing else."""

    participant_id: int
    ticket_id: int
    contact_id: int


Viewer = AgentViewer | ContactViewer | LinkViewer


class Sight(StrEnum):
    """Why a contact sees a ticket; the first that holds."""

    participant = "participant"
    organization = "organization"
    partner = "partner"


def visible_tickets(viewer: Viewer) -> QuerySet[Ticket]:
    """Return the tickets that `viewer` may know of. A restricted one is seen by its readers and participants only."""
    match viewer:
        case AgentViewer(roles=roles):
            desks = Q(desk_id=next(iter(roles))) if len(roles) == 1 else Q(desk_id__in=list(roles))
            return Ticket.objects.filter(desks, open_to(viewer))
        case ContactViewer():
            return Ticket.objects.filter(_taking_part(viewer) | _followed(viewer))
        case LinkViewer(participant_id=participant_id, ticket_id=ticket_id):
            still = Participant.objects.filter(pk=participant_id, ticket_id=ticket_id, removed_at=None)
            return Ticket.objects.filter(pk__in=still.values("ticket_id"))


def open_to(viewer: AgentViewer, ticket: str = "") -> Q:
    """The condition that a ticket is not restricted, or that the agent is one of its readers. `ticket` is the path from
    the rows to the ticket, such as `ticket__`; empty where the rows are tickets."""
    return _open_to(viewer.agent_id, ticket)


def open_rows(viewer: AgentViewer) -> Q:
    """The same of rows that repeat of their ticket whether it is restricted, as those of figures do."""
    read = Reader.objects.filter(agent_id=viewer.agent_id, removed_at=None).values("ticket_id")
    return Q(restricted=False) | Q(ticket_id__in=read)


def _open_to(agent: "int | OuterRef", ticket: str = "") -> Q:
    read = Reader.objects.filter(agent_id=agent, removed_at=None).values("ticket_id")
    return Q(**{f"{ticket}restricted": False}) | Q(**{f"{ticket}pk__in": read})


def who_sees(ticket_ids: Iterable[int], agent_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return, of some agents, those who may know of each of some tickets now, by the tickets' ids: what
    `visible_tickets` says to each of them, in one query."""
    working = Ticket.objects.filter(pk__in=list(ticket_ids)).annotate(agent=F("desk__memberships__agent_id"))
    # The rows are pairs of a ticket and an agent.
    pairs = working.filter(_open_to(OuterRef("agent")), agent__in=list(agent_ids))
    seen: dict[int, set[int]] = {}
    for ticket_id, agent_id in pairs.order_by().values_list("pk", "agent"):
        seen.setdefault(ticket_id, set()).add(agent_id)
    return seen


def visible_held_requests(viewer: AgentViewer) -> QuerySet[HeldRequest]:
    """Return the held requests of the agent's desks. A restricted one has no readers of its own yet, so it is seen by
    the desk's named readers."""
    requests = HeldRequest.objects.filter(desk_id__in=list(viewer.roles))
    return requests.filter(Q(restricted=False) | Q(desk_id__in=named_on(viewer)))


def named_on(viewer: AgentViewer) -> QuerySet[NamedReader, dict[str, int]]:
    """The desks on which the agent reads what is restricted from its receipt, for use in a condition."""
    return NamedReader.objects.filter(agent_id=viewer.agent_id).values("desk_id")


def seen_as(viewer: ContactViewer, sight: Sight) -> QuerySet[Ticket]:
    """Return, of the tickets that a contact may see, those that they see for this reason."""
    tickets = visible_tickets(viewer)
    if sight is Sight.participant:
        return tickets.filter(_taking_part(viewer))
    others = tickets.exclude(_taking_part(viewer))
    own = Q(organization_id__in=_granted(viewer))
    return others.filter(own) if sight is Sight.organization else others.exclude(own)


def _taking_part(viewer: ContactViewer) -> Q:
    mine = Participant.objects.filter(contact_id=viewer.contact_id, removed_at=None)
    return Q(pk__in=mine.values("ticket_id"))


def _followed(viewer: ContactViewer) -> Q:
    """What an organization lets a contact follow. Whoever was put out of a ticket has no way back to it by that."""
    put_out = Participant.objects.filter(contact_id=viewer.contact_id, removed_at__isnull=False)
    theirs = Q(organization_id__in=_granted(viewer)) | Q(organization_id__in=_served(viewer))
    return Q(restricted=False) & theirs & ~Q(pk__in=put_out.values("ticket_id"))


def _granted(viewer: ContactViewer) -> QuerySet[Affiliation, dict[str, int]]:
    granted = Affiliation.objects.filter(contact_id=viewer.contact_id, sees_all=True)
    return granted.values("organization_id")


def _served(viewer: ContactViewer) -> QuerySet[Partnership, dict[str, int]]:
    served = Partnership.objects.filter(partner__affiliations__contact_id=viewer.contact_id)
    return served.values("customer_id")


def sight_of(viewer: ContactViewer | LinkViewer, ticket: Ticket) -> Sight | None:
    """Return why a customer sees a ticket, or None where they do not (any more)."""
    if participant_of(viewer, ticket) is not None:
        return Sight.participant
    if isinstance(viewer, LinkViewer) or not visible_tickets(viewer).filter(pk=ticket.pk).exists():
        return None
    own = _granted(viewer).filter(organization_id=ticket.organization_id)
    return Sight.organization if own.exists() else Sight.partner


def visible_messages(viewer: Viewer, ticket: Ticket) -> QuerySet[Message]:
    """Return the messages of a visible ticket that `viewer` may read, oldest first.

    A participant reads from where they joined; whoever follows the whole organization, from the beginning.
    """
    messages = ticket.messages.order_by("at", "id")
    if isinstance(viewer, AgentViewer):
        return messages
    public = messages.exclude(kind__in=(Message.Kind.NOTE, Message.Kind.CALL)).filter(
        released=True, side=None
    )
    if isinstance(viewer, ContactViewer) and Ticket.objects.filter(_followed(viewer), pk=ticket.pk).exists():
        return public
    participant = participant_of(viewer, ticket)
    return public.filter(at__gte=participant.sees_from) if participant is not None else messages.none()


def visible_parts(viewer: Viewer, ticket: Ticket) -> list[Ticket]:
    """Return the tickets merged into a visible one of which `viewer` may know. A link opens its own ticket alone."""
    if isinstance(viewer, LinkViewer):
        return []
    return list(visible_tickets(viewer).filter(pk__in=taken_in(ticket.pk)).order_by("pk"))


def visible_thread(viewer: Viewer, ticket: Ticket, parts: Sequence[Ticket]) -> QuerySet[Message]:
    """Return what `viewer` may read of a visible ticket and of its visible parts, oldest first: of each as much as on
    its own page, for to be a part of something shows nobody more of it."""
    if not parts:
        return visible_messages(viewer, ticket)
    readable = Q(pk__in=[])
    for each in (ticket, *parts):
        readable |= Q(pk__in=visible_messages(viewer, each).order_by().values("pk"))
    return Message.objects.filter(readable).order_by("at", "id")


def participant_of(viewer: ContactViewer | LinkViewer, ticket: Ticket) -> Participant | None:
    """Return as which participant a customer sees the ticket, or None where they are none (any more)."""
    return (
        Participant.objects.filter(ticket=ticket, contact_id=viewer.contact_id, removed_at=None)
        .select_related("contact")
        .first()
    )


def readers_of(ticket: Ticket) -> QuerySet[Agent]:
    """Return who may read a restricted ticket now: its readers who still work on its desk."""
    reading = Reader.objects.filter(ticket=ticket, removed_at=None)
    working = Agent.objects.filter(user__is_active=True, memberships__desk_id=ticket.desk_id)
    return working.filter(pk__in=reading.values("agent_id")).select_related("user").order_by("pk")


def role_of(viewer: Viewer, ticket: Ticket) -> Role:
    """Return what `viewer` is to a visible ticket: their role on its desk, or what they are as a customer."""
    if isinstance(viewer, AgentViewer):
        return viewer.roles.get(ticket.desk_id, Role.visitor)
    if isinstance(viewer, LinkViewer):
        return Role.participant if viewer.ticket_id == ticket.pk else Role.visitor
    match sight_of(viewer, ticket):
        case Sight.participant:
            return Role.participant
        case Sight.organization:
            return Role.organization_member
        case Sight.partner:
            acting = Partnership.objects.filter(
                partner__affiliations__contact_id=viewer.contact_id,
                customer_id=ticket.organization_id,
                may_act=True,
            )
            return Role.acting_partner if acting.exists() else Role.partner
    return Role.visitor
