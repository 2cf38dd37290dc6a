"""Files of messages: stored under names of our own, out of every web server's reach."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Attachment, HeldFile, HeldMessage, Message, Press

_CONTENT_TYPE = re.compile(r"\A[a-z0-9][a-z0-9!#$&^_.+-]{0,48}/[a-z0-9][a-z0-9!#$&^_.+-]{0,48}\Z")


def keep_files(message: Message, files: Iterable[NewFile]) -> None:
    """Store the files of a message. The bytes are on disk before the row that names them is committed."""
    Attachment.objects.bulk_create([Attachment(message=message, **_stored(file)) for file in files])


def keep_held_files(message: HeldMessage, files: Iterable[NewFile]) -> None:
    """The same for a request that is held."""
    HeldFile.objects.bulk_create([HeldFile(message=message, **_stored(file)) for file in files])


def move_files(held: HeldMessage, message: Message) -> None:
    """Make attachments of a held message's files: the same stored bytes."""
    columns = ("name", "content_type", "size", "digest", "stored_as", "content_id", "inline")
    Attachment.objects.bulk_create(
        Attachment(message=message, **row) for row in held.files.order_by("pk").values(*columns)
    )


def read_files(press: Press) -> list[NewFile]:
    """Return the files that were uploaded for what an agent pressed."""
    found = []
    for each in press.files.order_by("pk"):
        with default_storage.open(each.stored_as) as stored:
            found.append(NewFile(each.name, each.content_type, stored.read()))
    return found


def _stored(file: NewFile) -> dict[str, Any]:
    folder = secrets.token_hex(1)
    stored_as = default_storage.save(f"{folder}/{secrets.token_urlsafe(24)}", ContentFile(file.content))
    content_type = file.content_type.strip().lower()
    return {
        "name": clean_name(file.name),
        "content_type": content_type if _CONTENT_TYPE.match(content_type) else "application/octet-stream",
        "size": len(file.content),
        "digest": hashlib.sha256(file.content).hexdigest(),
        "stored_as": stored_as,
        "content_id": file.content_id[:200],
        "inline": file.inline,
    }


def clean_name(name: str) -> str:
    """Return a sender's file name as harmless text: no folders, control or direction characters, at most 150 long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*')
    name = name.strip(" .")
    if len(name) > 150:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[:120]}{dot}{ending[:20]}" if stem else name[:150]
    return name or "attachment"
