"""Taking mail in: the bytes are committed first, and only then does anybody hear that we have them."""

import hashlib
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

from upheld.desks import present
from upheld.desks.models import Mailbox
from upheld.mailboxes import raw_bytes
from upheld.mailboxes.addressing import find_mailbox, first_mailbox, only_mailbox
from upheld.mailboxes.horizon import MAIL_LOCK
from upheld.mailboxes.models import RawMail
from upheld.mailboxes.parsing import limits
from upheld.mailboxes.parsing.addresses import named
from upheld.mailboxes.parsing.headers import split
from upheld.mailboxes.parsing.reading import with_line_feeds

MAIL_CHANNEL = "upheld_mail"
# Above this the bytes go to the database as they are; as a part of a statement they would be in memory seven times.
AS_BYTES = 256 * 1024
NULL_SENDER = "<>"

STORED = 0
BAD_DATA = 65
NO_SUCH_MAILBOX = 67
TRY_LATER = 75

log = structlog.get_logger(__name__)


def read_clock() -> datetime:
    return present.now()


def store(
    raw: bytes | memoryview,
    *,
    way: str,
    mailbox: Mailbox | None,
    envelope_from: str = "",
    envelope_to: str = "",
    peer: str = "",
    read_clock: Callable[[], datetime] = read_clock,
) -> RawMail:
    """Commit one mail and wake the worker. The clock is read under the mail lock: see `horizon`."""
    with transaction.atomic(savepoint=False):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock_shared(%s)", [MAIL_LOCK])
        received_at = read_clock()
        is_large = len(raw) > AS_BYTES
        mail = RawMail.objects.create(
            mailbox=mailbox,
            received_at=received_at,
            next_try_at=received_at,
            way=way,
            envelope_from=_column(envelope_from, 320),
            envelope_to=_column(envelope_to, 320),
            peer=_column(peer, 60),
            raw=b"" if is_large else raw,
            digest=hashlib.sha256(raw).hexdigest(),
        )
        if is_large:
            raw_bytes.write(mail.pk, raw)
        transaction.on_commit(partial(_tell, mail, len(raw)), robust=True)
    return mail


def _tell(mail: RawMail, size: int) -> None:
    log.info("mail_stored", mail=mail.pk, way=mail.way, mailbox=mail.mailbox_id, bytes=size)
    # Notifying inside the transaction would make all commits queue for one lock while the disk writes; a worker
    # that misses this one finds the mail at its next look.
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, '')", [MAIL_CHANNEL])


def _column(text: str, length: int) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")[:length]


def deliver(raw: bytes, mailbox: str | None) -> int:
    """Take one mail from a pipe; return the exit status that mail servers understand (sysexits.h)."""
    if not raw.strip():
        return _refuse(BAD_DATA, "The mail is empty.")
    if len(raw) > settings.MAIL_SIZE_LIMIT:
        return _refuse(
            BAD_DATA, f"The mail has {len(raw)} bytes; at most {settings.MAIL_SIZE_LIMIT} are taken."
        )
    try:
        found = destination(raw) if mailbox is None else _named(mailbox)
        if found is None:
            return _refuse(NO_SUCH_MAILBOX, _no_mailbox(mailbox))
        store(raw, way="pipe", mailbox=found[0], envelope_to=found[1])
    except (DatabaseError, InterfaceError, OSError) as error:
        return _refuse(TRY_LATER, f"The mail could not be stored, try again later: {type(error).__name__}.")
    return STORED


def _no_mailbox(mailbox: str | None) -> str:
    if mailbox is None:
        return "The mail is addressed to none of our mailboxes, and no single one is the default."
    return f"There is no mailbox {mailbox}."


def _refuse(status: int, why: str) -> int:
    sys.stderr.write(why + "\n")
    return status


def _named(address: str) -> tuple[Mailbox, str] | None:
    found = find_mailbox(address)
    return (found, address) if found else None


def destination(raw: bytes) -> tuple[Mailbox, str] | None:
    """Return the mailbox that a mail's headers name, and under which address; else the only one there is."""
    headers, _ = split(with_line_feeds(raw[: limits.HEADER_BLOCK]))
    for name in ("delivered-to", "x-original-to", "to", "cc"):
        if found_by_header := first_mailbox(named(headers.all(name, limits.ADDRESS_HEADER))[:20]):
            return found_by_header
    only = only_mailbox()
    return (only, "") if only else None
