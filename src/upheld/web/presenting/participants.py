"""Who takes part in a ticket, and how they came to."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.tickets.models import JoinedBy, Participant
from upheld.web.presenting.times import Times, When


@dataclass(frozen=True, slots=True)
class ParticipantView:
    id: int
    name: str
    address: str
    joined: str
    sees_from: When


def participants(people: Iterable[Participant], times: Times) -> list[ParticipantView]:
    """All but who asked: the page names them apart."""
    return [_view(each, times) for each in people if not each.is_requester]


def _view(participant: Participant, times: Times) -> ParticipantView:
    since = times.when(participant.sees_from)
    return ParticipantView(
        id=participant.pk,
        name=str(participant.contact),
        address=participant.contact.address,
        joined=_words(participant) % {"since": since.text},
        sees_from=since,
    )


def _words(participant: Participant) -> str:
    match participant.joined_by:
        case JoinedBy.COPY:
            return _("named in copy; reads what was said since %(since)s")
        case JoinedBy.AGENT:
            return _("added by an agent; reads what was said since %(since)s")
        case JoinedBy.MERGE:
            return _("came with a merged ticket; reads what was said since %(since)s")
    return _("there from the request on, %(since)s")
