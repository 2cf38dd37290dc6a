"""Joining a ticket that exists: from here on, never for what was said before."""

from collections.abc import Iterable
from datetime import datetime

from upheld.people.models import Agent, Contact
from upheld.policy import Actor
from upheld.tickets.models import JoinedBy, Participant
from upheld.tickets.pen import Pen

MOST_PARTICIPANTS = 25


def join_by_copy(pen: Pen, contacts: Iterable[Contact], at: datetime) -> None:
    """Let those take part whom a customer named in copy. Whoever was put out stays out, and nobody is told."""
    contacts = list(contacts)
    _stay(pen, contacts, JoinedBy.COPY)
    known = set(pen.ticket.participants.values_list("contact_id", flat=True))
    new = [contact for contact in dict.fromkeys(contacts) if contact.pk not in known]
    new = new[: max(0, MOST_PARTICIPANTS - len(known))]
    Participant.objects.bulk_create(
        Participant(ticket=pen.ticket, contact=contact, joined_by=JoinedBy.COPY, sees_from=at)
        for contact in new
    )
    for contact in new:
        pen.fact("joined", Actor.customer, at=at, contact=contact, by=JoinedBy.COPY.value)
    pen.circle.forget(pen.ticket)


def join_by_agent(pen: Pen, contact: Contact, agent: Agent) -> Participant:
    """Let a contact take part because an agent says so; that may bring back who was put out."""
    at = pen.moment.at
    participant, created = Participant.objects.get_or_create(
        ticket=pen.ticket, contact=contact, defaults={"joined_by": JoinedBy.AGENT, "sees_from": at}
    )
    if not created and participant.removed_at is None:
        _stay(pen, [contact], JoinedBy.AGENT)
        return participant
    if not created:
        participant.removed_at, participant.joined_by, participant.sees_from = None, JoinedBy.AGENT, at
        participant.save(update_fields=["removed_at", "joined_by", "sees_from"])
    pen.fact("joined", Actor.agent, agent=agent, by=JoinedBy.AGENT.value, participant=participant.pk)
    pen.circle.forget(pen.ticket)
    return participant


def _stay(pen: Pen, contacts: Iterable[Contact], because: JoinedBy) -> None:
    """Who came with a merged ticket, and is wanted here by somebody else, stays when the merge is undone."""
    came = pen.ticket.participants.filter(joined_by=JoinedBy.MERGE, removed_at=None)
    came.filter(contact__in=contacts).update(joined_by=because)
