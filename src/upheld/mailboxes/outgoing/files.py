"""The files of a reply: with the mail up to a bound in total, else named and left to the page."""

import re
from dataclasses import dataclass

from django.core.files.storage import default_storage

from upheld.mailboxes.outgoing.headers import one_line
from upheld.notices.models import Notice, NoticeKind
from upheld.tickets.models import Attachment

TOTAL_LIMIT = 10 * 1024 * 1024
_TYPE = re.compile(r"\A[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}\Z")
_NAME_LENGTH = 150


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content_type: str
    content: bytes


def files_of(notice: Notice) -> tuple[list[File], list[str]]:
    """Return the files that go with the mail, and the names of those that do not."""
    if notice.kind != NoticeKind.REPLY or notice.message_ref is None:
        return [], []
    sent: list[File] = []
    left_out: list[str] = []
    room = TOTAL_LIMIT
    for attachment in Attachment.objects.filter(message_id=notice.message_ref).order_by("id"):
        if attachment.size <= room:
            room -= attachment.size
            sent.append(_file(attachment))
        else:
            left_out.append(_name(attachment))
    return sent, left_out


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
