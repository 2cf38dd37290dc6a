"""What customers find among the requests that they see: by number, or by words of the subject and of what they may
read. Notes and what is held are never looked through, since finding a ticket by a word would tell that it is there."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from upheld.tickets.models import Message, Participant, Ticket
from upheld.tickets.search import number_in
from upheld.tickets.visibility import ContactViewer, Sight

LONGEST = 200
MOST_WORDS = 8


def found_by(viewer: ContactViewer, sight: Sight, tickets: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
    """Return, of tickets that the viewer sees for this reason, those of this number or with each of these words."""
    number = number_in(text)
    if number is not None:
        return tickets.filter(number=number)
    for word in text.replace("\0", " ")[:LONGEST].split()[:MOST_WORDS]:
        tickets = tickets.filter(Q(subject__icontains=word) | _said(viewer, sight, word))
    return tickets


def _said(viewer: ContactViewer, sight: Sight, word: str) -> Exists:
    """The condition that a message which the viewer may read says the word."""
    said = Message.objects.filter(
        ticket=OuterRef("pk"), kind__in=_READ_BY_CUSTOMERS, released=True, side=None, text__icontains=word
    )
    if sight is not Sight.participant:
        return Exists(said)
    joined = Participant.objects.filter(
        ticket=OuterRef("ticket_id"),
        contact_id=viewer.contact_id,
        removed_at=None,
        sees_from__lte=OuterRef("at"),
    )
    return Exists(said.filter(Exists(joined)))


_READ_BY_CUSTOMERS = (
    Message.Kind.CUSTOMER,
    Message.Kind.REPLY,
    Message.Kind.THIRD_PARTY,
    Message.Kind.MACHINE,
)
