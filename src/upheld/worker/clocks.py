"""Due clocks: every ticket whose wake-up instant has passed is settled, in batches, each in a savepoint of its own."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from upheld.desks import present
from upheld.mailboxes.horizon import moment
from upheld.tickets.actions import go_on_with_takeovers, settle_ticket, settle_tickets
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment

BATCH = 100
# A reply counts at the press of Send; one pressed just before a deadline may still be on its way into the database.
UNDER_WAY = timedelta(milliseconds=500)
_FIRST_DELAY = timedelta(minutes=1)
_LONGEST_DELAY = timedelta(hours=1)
_log = structlog.get_logger(__name__)
_Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Ailment:
    """A ticket that cannot be settled: since when, why, how often tried, and when it is tried again."""

    since: datetime
    error: str
    tries: int
    again_at: datetime


class Sweeper:
    """Settles what is due. Tickets that fail are set aside in memory, not in their rows: a due time is never bent to
    hide a fault, and a worker that starts anew tries them anew. The heartbeat shows them."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()
        self._ailing: dict[int, Ailment] = {}

    @property
    def ailing(self) -> dict[int, Ailment]:
        """The tickets that could not be settled, by id."""
        return dict(self._ailing)

    def sweep(self, now: datetime) -> int:
        """Settle every ticket that is due; return how many. What a published policy takes over is woken first."""
        go_on_with_takeovers(stop=self._stop.is_set)
        due = Ticket.objects.filter(wake_at__lte=now).order_by().values_list("desk_id", flat=True).distinct()
        return sum(
            settled for desk_id in list(due) for settled in self._batches(_horizon(desk_id, now), desk_id)
        )

    def _batches(self, at: Moment, desk_id: int) -> Iterator[int]:
        """Walk one desk's due tickets once, so that a ticket which stays due cannot hold the walk up."""
        place: _Place | None = None
        while not self._stop.is_set():
            batch, settled = self._batch(at, desk_id, place)
            yield settled
            if len(batch) < BATCH:
                return
            place = batch[-1]

    @transaction.atomic
    def _batch(self, at: Moment, desk_id: int, place: _Place | None) -> tuple[list[_Place], int]:
        batch = self._claim(at, desk_id, place)
        ids = [ticket_id for _, ticket_id in batch]
        return batch, self._settle_all(ids, at) or sum(self._settle(ticket_id, at) for ticket_id in ids)

    def _claim(self, at: Moment, desk_id: int, place: _Place | None) -> list[_Place]:
        due = Ticket.objects.filter(desk_id=desk_id, wake_at__lte=at.settled_by)
        if place is not None:
            due = due.filter(wake_at__gte=place[0]).filter(Q(wake_at__gt=place[0]) | Q(pk__gt=place[1]))
        if resting := [ticket for ticket, ailment in self._ailing.items() if ailment.again_at > at.at]:
            due = due.exclude(pk__in=resting)
        due = due.select_for_update(skip_locked=True, of=("self",)).order_by("wake_at", "id")
        return list(due.values_list("wake_at", "id")[:BATCH])

    def _settle_all(self, ticket_ids: list[int], at: Moment) -> int:
        """Settle a batch in one go, which costs a tenth; where one of them fails, none is, and each is tried alone."""
        try:
            settle_tickets(ticket_ids, at)
        except Exception as error:
            if _database_is_away(error):
                raise
            return 0
        for ticket_id in ticket_ids:
            self._ailing.pop(ticket_id, None)
        return len(ticket_ids)

    def _settle(self, ticket_id: int, at: Moment) -> int:
        try:
            # Atomic by itself, hence a savepoint within the batch: it fails alone.
            settle_ticket(ticket_id, at)
        except Exception as error:
            if _database_is_away(error):
                raise
            self._set_aside(ticket_id, error, at.at)
            return 0
        self._ailing.pop(ticket_id, None)
        return 1

    def _set_aside(self, ticket_id: int, error: Exception, now: datetime) -> None:
        before = self._ailing.get(ticket_id)
        tries = before.tries + 1 if before else 1
        delay = min(_FIRST_DELAY * 2 ** min(tries - 1, 10), _LONGEST_DELAY)
        since = before.since if before else now
        self._ailing[ticket_id] = Ailment(since, type(error).__name__, tries, now + delay)
        _log.exception("ticket could not be settled", ticket=ticket_id, tries=tries, again_in=str(delay))


def _horizon(desk_id: int, now: datetime) -> Moment:
    """Up to where one desk's clocks may be settled: neither past unread mail nor past what is being sent right now."""
    known = moment(desk_id, now)
    return Moment(known.at, min(known.settled_by, present.ago(now, UNDER_WAY)))


def _database_is_away(error: Exception) -> bool:
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return connection.connection is None or connection.connection.closed


def sweep(now: datetime) -> int:
    """Settle every ticket that is due; return how many."""
    return Sweeper().sweep(now)
