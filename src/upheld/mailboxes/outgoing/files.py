"""The files of a reply: with the mail up to a bound in total, else by a link of the reader's own."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage

from upheld.mailboxes.outgoing.headers import one_line
from upheld.notices.models import Notice, NoticeKind
from upheld.tickets.file_links import file_token
from upheld.tickets.models import Attachment, Participant

TOTAL_LIMIT = 10 * 1024 * 1024
LINKS_END_AFTER = timedelta(days=30)
_TYPE = re.compile(r"\A[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}\Z")
_NAME_LENGTH = 150


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file that does not go with the mail: the link opens it for its reader until it ends."""

    name: str
    size: int
    url: str
    ends_at: datetime


def files_of(notice: Notice, participant: Participant | None) -> tuple[list[File], list[FileLink]]:
    """Return the files that go with the mail, and links to those that are too large for it."""
    if notice.kind not in (NoticeKind.REPLY, NoticeKind.SIDE) or notice.message_ref is None:
        return [], []
    sent: list[File] = []
    linked: list[FileLink] = []
    room = TOTAL_LIMIT
    ends_at = notice.created_at + LINKS_END_AFTER
    for attachment in Attachment.objects.filter(message_id=notice.message_ref).order_by("id"):
        if attachment.size <= room:
            room -= attachment.size
            sent.append(_file(attachment))
        elif participant is not None:
            linked.append(_link(attachment, participant, ends_at))
    return sent, linked


def _link(attachment: Attachment, participant: Participant, ends_at: datetime) -> FileLink:
    token = file_token(participant, attachment.pk, ends_at)
    return FileLink(_name(attachment), attachment.size, f"{settings.UPHELD_URL}/files/{token}/", ends_at)


def _file(attachment: Attachment) -> File:
    with default_storage.open(attachment.stored_as) as opened:
        return File(_name(attachment), _type(attachment.content_type), opened.read())


def _name(attachment: Attachment) -> str:
    return one_line(attachment.name, _NAME_LENGTH).replace("/", "_").replace("\\", "_") or "file"


def _type(content_type: str) -> str:
    """A mail within a mail, or parts within a part, would be read as structure: they go as plain bytes."""
    text = content_type.lower()
    if not _TYPE.match(text) or text.startswith(("multipart/", "message/")):
        return "application/octet-stream"
    return text
