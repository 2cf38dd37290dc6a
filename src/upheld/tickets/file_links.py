"""Links that open one file for one participant until they end; for files that are too large to go with a mail."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from upheld.rules.tokens import Purpose, sign, verify
from upheld.tickets.models import Participant

_FORM = re.compile(
    r"\A([1-9][0-9]{0,17})-([1-9][0-9]{0,4})-([1-9][0-9]{0,17})-([1-9][0-9]{0,11})-([a-z2-7]{16})\Z", re.ASCII
)


@dataclass(frozen=True, slots=True)
class FileLink:
    """What a link names. Whether its participant may read the file is asked when it is opened."""

    participant: Participant
    attachment_id: int
    ends_at: datetime


def file_token(participant: Participant, attachment_id: int, ends_at: datetime) -> str:
    """Return the token of a link to one file, good until `ends_at`, in whole seconds."""
    body = f"{participant.pk}-{participant.key_serial}-{attachment_id}-{int(ends_at.timestamp())}"
    return f"{body}-{sign(_key(), Purpose.attachment, body)}"


def file_link(text: str) -> FileLink | None:
    """Return what a token names, also one that has ended; None for what we did not make or have revoked."""
    form = _FORM.match(text)
    if form is None:
        return None
    body, _, mac = text.rpartition("-")
    if not verify(_key(), Purpose.attachment, body, mac):
        return None
    participant_id, serial, attachment_id, end = map(int, form.groups()[:4])
    participant = (
        Participant.objects.filter(pk=participant_id, key_serial=serial, removed_at=None)
        .select_related("contact", "ticket__desk")
        .first()
    )
    if participant is None:
        return None
    return FileLink(participant, attachment_id, datetime.fromtimestamp(end, UTC))


def _key() -> bytes:
    return settings.SECRET_KEY.encode()
