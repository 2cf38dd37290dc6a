"""Who can read a ticket, and why: the answer in names to what `visible_tickets` decides by conditions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from upheld.people.models import Affiliation, Agent, Contact, Membership, NamedReader, Partnership
from upheld.tickets.models import Participant, Reader, Ticket


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody who follows a ticket because their organization serves its customer."""

    contact: Contact
    organization: str
    may_act: bool


@dataclass(frozen=True, slots=True)
class Audience:
    """`readers` are those of a restricted ticket, `waiting` says that there are none; `staff` is everybody on the desk.
    Of a restricted ticket nobody follows: `members` and `partners` are empty."""

    readers: Sequence[Reader]
    staff: Sequence[Membership]
    participants: Sequence[Participant]
    members: Sequence[Contact]
    partners: Sequence[Partner]


def audience_of(ticket: Ticket) -> Audience:
    """Return everybody who can read the ticket now."""
    staff = Membership.objects.filter(desk_id=ticket.desk_id, agent__user__is_active=True)
    staff = staff.select_related("agent__user").order_by("agent__user__name", "pk")
    readers = Reader.objects.filter(ticket=ticket, removed_at=None, agent__in=staff.values("agent_id"))
    people = ticket.participants.filter(removed_at=None).select_related("contact")
    follows = not ticket.restricted and ticket.organization_id is not None
    return Audience(
        readers=list(readers.select_related("agent__user").order_by("added_at", "pk"))
        if ticket.restricted
        else [],
        staff=list(staff),
        participants=list(people.order_by("-is_requester", "pk")),
        members=_members(ticket) if follows else [],
        partners=_partners(ticket) if follows else [],
    )


def could_read(ticket: Ticket, agent: Agent) -> bool:
    """Whether an agent would read the ticket if it were restricted now."""
    return NamedReader.objects.filter(desk_id=ticket.desk_id, agent=agent).exists()


def _members(ticket: Ticket) -> list[Contact]:
    granted = Affiliation.objects.filter(organization_id=ticket.organization_id, sees_all=True)
    return list(_not_there_yet(ticket).filter(pk__in=granted.values("contact_id")).order_by("name", "pk"))


def _partners(ticket: Ticket) -> list[Partner]:
    served = Partnership.objects.filter(customer_id=ticket.organization_id).select_related("partner")
    found: dict[int, Partner] = {}
    for each in served.order_by("-may_act", "pk"):
        theirs = _not_there_yet(ticket).filter(affiliations__organization=each.partner)
        for contact in theirs.order_by("name", "pk"):
            found.setdefault(contact.pk, Partner(contact, each.partner.name, each.may_act))
    members = {each.pk for each in _members(ticket)}
    return [each for pk, each in found.items() if pk not in members]


def _not_there_yet(ticket: Ticket):  # type: ignore[no-untyped-def]
    """Contacts who neither take part nor were put out."""
    return Contact.objects.exclude(Q(pk__in=ticket.participants.values("contact_id")))
