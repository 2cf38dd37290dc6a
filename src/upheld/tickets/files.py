"""Files of messages: stored under names of our own, out of every web server's reach."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Attachment, Draft, DraftFile, HeldFile, HeldMessage, Message, Press

# Windows opens a device for each of these, whatever ending follows.
_DEVICES = re.compile(r"\A(CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?=\s*(?:\.|\Z))", re.IGNORECASE)
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
    return read_draft_files(press.files.order_by("pk"))


def read_draft_files(files: Iterable[DraftFile]) -> list[NewFile]:
    """Return files that were uploaded while somebody was writing."""
    found = []
    for each in files:
        with default_storage.open(each.stored_as) as stored:
            found.append(NewFile(each.name, each.content_type, stored.read()))
    return found


def keep_draft_file(draft: Draft, file: NewFile, now: datetime) -> DraftFile:
    """Store a file that was uploaded for what somebody is writing."""
    stored = _stored(file)
    return DraftFile.objects.create(
        agent_id=draft.agent_id,
        draft=draft,
        uploaded_at=now,
        **{name: stored[name] for name in ("name", "content_type", "size", "digest", "stored_as")},
    )


def forget_draft_files(files: QuerySet[DraftFile]) -> None:
    """Remove files that were sent, or never will be; their bytes go once that is committed."""
    names = list(files.values_list("stored_as", flat=True))
    files.delete()
    transaction.on_commit(lambda: _remove_bytes(names))


def _remove_bytes(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


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
    """Return a sender's file name as harmless text: no folders, control or direction characters, no device of
    Windows, at most 150 long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*')
    name = _DEVICES.sub(r"_\1", name.strip(" ."))
    if len(name) > 150:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[:120]}{dot}{ending[:20]}" if stem else name[:150]
    return name or "attachment"
