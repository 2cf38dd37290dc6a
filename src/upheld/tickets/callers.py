"""Finding who is on the telephone: among those whom the agent's desks know, and nobody else."""

import re

from django.db.models import Q, QuerySet

from upheld.people.models import Affiliation, Contact, DeskContact
from upheld.people.phones import digits_of
from upheld.rules.callers import SHORTEST, ending_of
from upheld.tickets.models import Ticket
from upheld.tickets.problems import PROBLEM
from upheld.tickets.visibility import AgentViewer, visible_tickets

MOST_FOUND = 8
_NUMBER = re.compile(r"\A[\s+()0-9./-]+\Z")


def find_callers(viewer: AgentViewer, desk_id: int, text: str) -> list[Contact]:
    """Return contacts of a desk by number, name, address or organization, the best fitting first; a few at most."""
    text = " ".join(text.replace("\0", " ").split())[:100]
    if len(text) < 2 or desk_id not in viewer.roles:
        return []
    found = known_on(viewer, desk_id).filter(_fits(text))
    return list(found.order_by("name", "address").prefetch_related("organizations")[:MOST_FOUND])


def known_on(viewer: AgentViewer, desk_id: int) -> QuerySet[Contact]:
    """Return the contacts whom an agent may know of on a desk: who asked there, who was entered there, and who belongs
    to one of its organizations."""
    asked = visible_tickets(viewer).filter(desk_id=desk_id).exclude(channel=PROBLEM)
    asked = asked.order_by().values("requester_id")
    entered = DeskContact.objects.filter(desk_id=desk_id).values("contact_id")
    belonging = Affiliation.objects.filter(organization__desk_id=desk_id).values("contact_id")
    known = Q(pk__in=asked) | Q(pk__in=entered) | Q(pk__in=belonging)
    return Contact.objects.filter(known, merged_into=None)


def open_tickets_of(viewer: AgentViewer, desk_id: int, contact: Contact) -> list[Ticket]:
    """Return the tickets of a caller on which a call may be logged, the one that was last changed first."""
    tickets = visible_tickets(viewer).filter(desk_id=desk_id, requester=contact, is_spam=False)
    return list(tickets.exclude(status_category="closed").order_by("-updated_at")[:20])


def _fits(text: str) -> Q:
    if _NUMBER.match(text):
        ending = ending_of(digits_of(text))
        return Q(phone_digits__endswith=ending) if len(ending) >= SHORTEST else Q(pk__in=[])
    organization = Affiliation.objects.filter(organization__name__icontains=text).values("contact_id")
    name = Q(name__istartswith=text) | Q(name__icontains=f" {text}")
    # Within an address a few letters are found everywhere: only its beginning counts, and that of its domain.
    address = Q(address__istartswith=text) | Q(address__icontains=f"@{text}")
    return name | address | Q(pk__in=organization)
