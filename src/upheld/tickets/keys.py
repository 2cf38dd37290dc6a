"""Keyed tokens for participants, links and Message-IDs: the rule is in `rules.tokens`, the key is here."""

import secrets

from django.conf import settings

from upheld.rules.tokens import ParticipantToken, Purpose, make, make_message_id, read
from upheld.tickets.models import Participant


def _key() -> bytes:
    return settings.SECRET_KEY.encode()


def reply_token(participant: Participant) -> str:
    """Return the token for the plus-address at which this participant answers."""
    return make(_key(), Purpose.reply, ParticipantToken(participant.pk, participant.key_serial))


def link_token(participant: Participant) -> str:
    """Return the token of the link that opens this one ticket for this one participant."""
    return make(_key(), Purpose.link, ParticipantToken(participant.pk, participant.key_serial))


def participant_by(purpose: Purpose, text: str) -> Participant | None:
    """Return the active participant that a token names, or None for a token that is false, ended or foreign."""
    token = read(_key(), purpose, text)
    if token is None:
        return None
    return (
        Participant.objects.filter(pk=token.participant_id, key_serial=token.serial, removed_at=None)
        .select_related("contact", "ticket__desk")
        .first()
    )


def new_message_id(ticket_id: int, address: str) -> str:
    """Return a fresh Message-ID that proves, when it comes back, that this desk gave it to this ticket."""
    return make_message_id(_key(), ticket_id, secrets.token_hex(8), address.rpartition("@")[2])
