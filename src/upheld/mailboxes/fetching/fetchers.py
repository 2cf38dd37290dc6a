"""Who visits which account: a thread for each, so that a server that hangs delays nobody else.

Any number of workers may run. Whoever visits an account holds an advisory lock for it, on one connection for all its
accounts; when a worker dies, another finds the locks free. The lock only saves connections: that each mail is stored
once is held by the rows.
"""

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

import structlog
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from upheld.mailboxes.fetching.visiting import DATABASE_IS_AWAY, Visit, pay
from upheld.mailboxes.models import Source

VISITS = 16
POLL = 1.0
_LOCKS = 0x75706674  # "upft": the advisory locks of those who fetch
# What is changed by the administrator, and ends a visit that goes by the old.
_BY_HAND = (
    "mailbox_id",
    "protocol",
    "host",
    "port",
    "security",
    "username",
    "oauth_token_url",
    "folder",
    "afterwards",
    "move_to",
)

log = structlog.get_logger(__name__)


@dataclass
class _Going:
    """A visit under way."""

    source: Source
    stay: bool
    ended: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def is_over(self) -> bool:
        return self.thread is None or not self.thread.is_alive()

    def goes_by(self, source: Source) -> bool:
        return all(getattr(self.source, name) == getattr(source, name) for name in _BY_HAND)


class Fetchers:
    """The visits of one worker. `look` is a step of a loop of its own."""

    def __init__(self, stop: threading.Event, visits: int = VISITS) -> None:
        self._stop, self._visits = stop, visits
        self._going: dict[int, _Going] = {}
        self._ailing: dict[int, dict[str, str]] = {}
        self._locks: BaseDatabaseWrapper | None = None

    def look(self, now: datetime) -> None:
        """Begin the visits that are due, and end those that are no longer wanted."""
        wanted = {source.pk: source for source in Source.objects.filter(is_on=True).select_related("mailbox")}
        try:
            self._hold_on()
            self._end(wanted)
            due = [
                source
                for source in wanted.values()
                if source.pk not in self._going and (source.next_try_at is None or source.next_try_at <= now)
            ]
            due.sort(key=lambda source: (source.next_try_at is not None, source.next_try_at or now))
            for source in due[: max(0, self._visits - len(self._going))]:
                if self._lock(source):
                    self._begin(source, stay=len(wanted) <= self._visits)
        except Error:
            self._let_go()
            raise

    def close(self, patience: float = 2.0) -> None:
        """Tell all visits to end, and give the accounts up. Cutting off who does not end in time loses nothing."""
        for going in self._going.values():
            going.ended.set()
        deadline = monotonic() + patience
        for going in self._going.values():
            if going.thread:
                going.thread.join(max(0.0, deadline - monotonic()))
        self._let_go()

    def _begin(self, source: Source, *, stay: bool) -> None:
        going = self._going[source.pk] = _Going(source, stay)

        def ended() -> bool:
            return going.ended.is_set() or self._stop.is_set()

        ailing = self._ailing.setdefault(source.pk, {})
        visit = Visit(source, ended=ended, stay=stay, ailing=ailing)
        going.thread = threading.Thread(
            target=_visit, args=(visit,), name=f"fetching-{source.pk}", daemon=True
        )
        going.thread.start()

    def _end(self, wanted: dict[int, Source]) -> None:
        for key, going in list(self._going.items()):
            crowded = going.stay and len(wanted) > self._visits
            if crowded or key not in wanted or not going.goes_by(wanted[key]):
                going.ended.set()
            if going.is_over():
                del self._going[key]
                self._unlock(key)
        for key in set(self._ailing) - set(wanted):
            del self._ailing[key]

    def _hold_on(self) -> None:
        """See to it that our locks are held: where their connection has gone, so have they."""
        if self._locks is None:
            self._locks = connections.create_connection(DEFAULT_DB_ALIAS)
            # Another thread closes it, when the one that looks has ended.
            self._locks.inc_thread_sharing()
        with self._locks.cursor() as cursor:
            cursor.execute("select 1")

    def _lock(self, source: Source) -> bool:
        assert self._locks is not None  # noqa: S101 - held on to before
        with self._locks.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s, %s)", [_LOCKS, source.pk])
            return bool(cursor.fetchone()[0])

    def _unlock(self, key: int) -> None:
        assert self._locks is not None  # noqa: S101 - held on to before
        with self._locks.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s, %s)", [_LOCKS, key])

    def _let_go(self) -> None:
        for going in self._going.values():
            going.ended.set()
        locks, self._locks = self._locks, None
        if locks is not None:
            with suppress(Error):
                locks.close()


def _visit(visit: Visit) -> None:
    try:
        pay(visit)
    except DATABASE_IS_AWAY:
        # The loop that began this visit says so; the account is as it was, and is visited again.
        log.info("mail_source_left", source=visit.source.pk, why="the database is away")
    except Exception:
        log.exception("mail_source_stumbled", source=visit.source.pk)
    finally:
        connection.close()
