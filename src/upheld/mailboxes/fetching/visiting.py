"""One visit to an account: what is new is fetched, the server is told, and - over IMAP - we stay for what comes.

Each mail that cannot be had is left for later and delays no other; whatever else goes wrong ends the visit, is noted
with the source, and is tried again after a pause that grows.
"""

import imaplib
import poplib
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from imap_tools.errors import ImapToolsError

from upheld.mailboxes.accept import read_clock as system_clock
from upheld.mailboxes.fetching import credentials as kept
from upheld.mailboxes.fetching import imap, pop, progress
from upheld.mailboxes.fetching.credentials import Credentials
from upheld.mailboxes.fetching.imap import Folder
from upheld.mailboxes.fetching.keys import POP_START
from upheld.mailboxes.fetching.pop import Maildrop
from upheld.mailboxes.fetching.trouble import FetchTrouble, describe
from upheld.mailboxes.fetching.wanted import Older
from upheld.mailboxes.models import Afterwards, Protocol, Source

# Servers may hang up on who waits for half an hour, and the boxes in between forget connections earlier.
SECONDS_TO_WAIT = 9 * 60.0
BETWEEN_LOOKS = timedelta(minutes=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
# Deleting over POP3 happens at the end of a conversation, so one must not be too long.
MAILS_A_CONVERSATION = 200
# Before the folder was numbered anew, as far as we can say.
OVERLAP = timedelta(days=2)
DATABASE_IS_AWAY = (OperationalError, InterfaceError)
OF_SERVERS = (OSError, imaplib.IMAP4.error, poplib.error_proto, ImapToolsError, FetchTrouble)
HUNG_UP = (OSError, imaplib.IMAP4.abort)

log = structlog.get_logger(__name__)


@dataclass
class Visit:
    """What one visit needs, and what came of it. `ailing` are mails that could not be had, now or at an earlier visit;
    `more` says that not everything was taken yet."""

    source: Source
    ended: Callable[[], bool] = lambda: False
    read_clock: Callable[[], datetime] = system_clock
    older: Older = field(default_factory=Older)
    stay: bool = False
    credentials: Credentials = field(default_factory=Credentials, repr=False)
    ailing: dict[str, str] = field(default_factory=dict)
    stored: int = 0
    more: bool = False


class _HungUp(Exception):  # noqa: N818 - an ordinary end
    """The server ended a connection on which we only waited."""


def pay(visit: Visit) -> bool:
    """Visit an account, and note with its source how it went; return whether it went well."""
    source, began = visit.source, monotonic()
    try:
        visit.credentials = kept.load(source)
        _converse(visit)
    except DATABASE_IS_AWAY:
        raise
    except _HungUp:
        # No failure; but not at once again, where it would happen at once again.
        waited = monotonic() - began > BETWEEN_LOOKS.total_seconds()
        _note_success(visit, timedelta() if waited else BETWEEN_LOOKS)
    except Exception as error:
        if not isinstance(error, OF_SERVERS):
            _log_place(source, error)
        note_failure(source, describe(error, source, visit.credentials.hidden()), visit.read_clock())
        return False
    return True


def _log_place(source: Source, error: Exception) -> None:
    """Where something unforeseen went wrong; not its text, which may hold anything."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error(
        "mail_source_stumbled",
        source=source.pk,
        error=type(error).__name__,
        at=f"{place.name}:{place.lineno}",
    )


def _converse(visit: Visit) -> None:
    now, credentials = visit.read_clock(), visit.credentials
    _leave_database()
    if visit.source.protocol == Protocol.POP:
        with pop.signed_in(visit.source, credentials, now) as maildrop:
            _empty(visit, maildrop)
        _note_success(visit, timedelta() if visit.more else BETWEEN_LOOKS)
        return
    with imap.signed_in(visit.source, credentials, now) as folder:
        folder.open()
        _plan(visit, folder)
        stays = visit.stay and folder.can_wait
        while True:
            _take_all(visit, folder)
            _tell_server(visit, folder)
            _note_success(visit, timedelta() if stays else BETWEEN_LOOKS)
            if not stays or visit.ended():
                return
            _wait(visit, folder)
            _plan_new(visit, folder)


def _tell_server(visit: Visit, folder: Folder) -> None:
    while not visit.ended() and progress.finish(visit.source, folder.act):
        pass


def _leave_database() -> None:
    """Talking to a server may take long, and waiting takes longer: meanwhile others may have the connection."""
    if not connection.in_atomic_block:
        connection.close()


def _wait(visit: Visit, folder: Folder) -> None:
    _leave_database()
    try:
        folder.wait(SECONDS_TO_WAIT, visit.ended)
    except HUNG_UP as error:
        raise _HungUp from error


def _plan(visit: Visit, folder: Folder) -> None:
    """Note what is to be fetched."""
    source, validity = visit.source, folder.validity
    if progress.last_uid(source, validity) is not None:
        _plan_new(visit, folder)
    elif not progress.has_begun(source):
        progress.pass_over(source, [folder.key(folder.last())])
    else:
        last = folder.last()
        since = (source.fetched_at or source.created_at) - OVERLAP
        uids = [uid for uid in folder.since(since.date()) if uid <= last]
        log.warning("mail_folder_numbered_anew", source=source.pk, to_fetch=len(uids))
        progress.begin_anew(source, validity, uids, last)
    if visit.older:
        progress.plan_older(source, [folder.key(uid) for uid in folder.older(visit.older)])


def _plan_new(visit: Visit, folder: Folder) -> None:
    last = progress.last_uid(visit.source, folder.validity) or 0
    if uids := folder.after(last):
        progress.plan(visit.source, [folder.key(uid) for uid in uids])


def _take_all(visit: Visit, account: "Folder | Maildrop", most: int | None = None) -> None:
    keys = progress.to_fetch(visit.source)
    # What failed before comes last, so that it delays nobody.
    keys.sort(key=lambda key: key in visit.ailing)
    visit.more = most is not None and len(keys) > most
    for start in range(0, len(keys[:most]), imap.SIZES_AT_ONCE):
        some = keys[:most][start : start + imap.SIZES_AT_ONCE]
        account.learn_sizes(some)
        for key in some:
            if visit.ended():
                return
            _take(visit, account, key)


def _take(visit: Visit, account: "Folder | Maildrop", key: str) -> None:
    source = visit.source
    try:
        brought = account.bring(key)
        if brought is None:
            progress.gone(source, key)
        elif progress.take(source, key, brought, visit.read_clock):
            visit.stored += 1
    except DATABASE_IS_AWAY:
        raise
    except Exception as error:
        visit.ailing[key] = describe(error, source, visit.credentials.hidden())
        if isinstance(error, HUNG_UP):
            raise
        log.warning("mail_not_fetched", source=source.pk, key=key, error=visit.ailing[key])
    else:
        visit.ailing.pop(key, None)


def _empty(visit: Visit, maildrop: Maildrop) -> None:
    """Fetch what is new in a POP3 account; what is to be deleted is deleted when the server has heard us leave."""
    source = visit.source
    keys = maildrop.keys()
    if not progress.has_begun(source):
        with transaction.atomic():
            progress.pass_over(source, [POP_START, *([] if visit.older else keys)])
    if visit.older:
        progress.plan_older(source, keys)
    known = progress.known(source, keys)
    progress.plan(source, [key for key in keys if key not in known])
    _take_all(visit, maildrop, MAILS_A_CONVERSATION)
    leaving: list[str] = []

    def delete(stored: list[str]) -> list[str]:
        leaving.extend(stored)
        return maildrop.delete(stored) if source.afterwards == Afterwards.DELETE else stored

    progress.finish(source, delete)
    maildrop.leave()
    progress.settle_finished(source, leaving)


def _note_success(visit: Visit, pause: timedelta) -> None:
    now, left = visit.read_clock(), sorted(visit.ailing)
    told = f"{len(left)} mails could not be had, and are tried again: {', '.join(left[:3])}." if left else ""
    Source.objects.filter(pk=visit.source.pk).update(
        fetched_at=now, next_try_at=now + pause, failures=0, last_error=told
    )


def note_failure(source: Source, why: str, now: datetime) -> None:
    """Note that a visit failed, and when the next one is due: after a minute, then twice as long each time."""
    with transaction.atomic():
        row = Source.objects.select_for_update().filter(pk=source.pk).first()
        if row is None:
            return
        row.failures += 1
        row.last_error = why
        row.next_try_at = now + min(FIRST_PAUSE * 2 ** min(row.failures - 1, 10), LONGEST_PAUSE)
        row.save(update_fields=["failures", "last_error", "next_try_at"])
    log.warning("mail_source_failed", source=source.pk, failures=row.failures, error=why)
