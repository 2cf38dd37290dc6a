"""Whom an agent knows: contacts and organizations that every list, search and page of customers starts from.

A contact is one person on the whole installation. An agent knows those who belong to an organization of their desks,
who were entered there, or who take part in what the agent may see; never by a restricted request that they may not
read.
"""

from collections.abc import Collection

from django.db.models import QuerySet

from upheld.people.models import Affiliation, Contact, DeskContact, Organization
from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.models import HeldRequest, Message, Participant
from upheld.tickets.visibility import AgentViewer, visible_held_requests, visible_tickets


def visible_contacts(viewer: AgentViewer) -> QuerySet[Contact]:
    """Return the contacts that an agent may know of. What was merged is found as the contact that was kept."""
    desks = _desks(viewer)
    affiliated = Affiliation.objects.filter(organization__desk_id__in=desks).values("contact_id")
    entered = DeskContact.objects.filter(desk_id__in=desks).values("contact_id")
    seen = visible_tickets(viewer).filter(desk_id__in=desks).values("pk")
    taking_part = Participant.objects.filter(ticket_id__in=seen).values("contact_id")
    held = visible_held_requests(viewer).filter(desk_id__in=desks).values("contact_id")
    known = affiliated.union(entered, taking_part, held)
    return Contact.objects.filter(pk__in=known, merged_into=None)


def known_among(viewer: AgentViewer, contact_ids: Collection[int]) -> set[int]:
    """Return those of a few contacts whom an agent may know of, without gathering all whom they know."""
    ids, desks = list(contact_ids), _desks(viewer)
    seen = visible_tickets(viewer).filter(desk_id__in=desks, participants__contact_id__in=ids)
    held = visible_held_requests(viewer).filter(desk_id__in=desks, contact_id__in=ids)
    affiliated = Affiliation.objects.filter(organization__desk_id__in=desks, contact_id__in=ids)
    entered = DeskContact.objects.filter(desk_id__in=desks, contact_id__in=ids)
    known = (
        affiliated.order_by()
        .values_list("contact_id")
        .union(
            entered.order_by().values_list("contact_id"),
            seen.order_by().values_list("participants__contact_id"),
            held.order_by().values_list("contact_id"),
        )
    )
    return {contact_id for (contact_id,) in known}


def visible_organizations(viewer: AgentViewer) -> QuerySet[Organization]:
    """Return the organizations that an agent may know of: those of their desks."""
    return Organization.objects.filter(desk_id__in=_desks(viewer))


def desks_knowing(contact_ids: Collection[int]) -> set[int]:
    """Return the desks that have anything to do with contacts, whoever asks: for deciding about rights alone."""
    ids = list(contact_ids)
    places = (
        Affiliation.objects.filter(contact_id__in=ids).values_list("organization__desk_id"),
        DeskContact.objects.filter(contact_id__in=ids).values_list("desk_id"),
        Participant.objects.filter(contact_id__in=ids).values_list("ticket__desk_id"),
        HeldRequest.objects.filter(contact_id__in=ids).values_list("desk_id"),
        Message.objects.filter(contact_id__in=ids).values_list("ticket__desk_id"),
    )
    first, *others = (each.order_by().distinct() for each in places)
    return {desk_id for (desk_id,) in first.union(*others)}


def _desks(viewer: AgentViewer) -> list[int]:
    return [desk for desk, role in viewer.roles.items() if allowed(Role(role), Act.read_customers)]
