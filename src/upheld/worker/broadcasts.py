"""Broadcasts: every copy is written once, however many tickets there are, workers work, or workers die at it."""

import threading
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, F, OuterRef

from upheld.mailboxes.horizon import moment
from upheld.tickets.actions import follow_problem, write_copies
from upheld.tickets.models import Affected, Broadcast, BroadcastCopy, Problem
from upheld.tickets.moment import Moment
from upheld.tickets.problems import DONE

BATCH = 50
# Solved problems are looked for by themselves; broadcasts wake the loop.
POLL = 2.0
_AGAIN = timedelta(minutes=1)
_LONGEST = timedelta(hours=1)
_log = structlog.get_logger(__name__)


class Broadcaster:
    """Writes what waits. A copy that fails is set aside in memory for a while: it holds up no other, and no clock."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()
        self._resting: dict[int, datetime] = {}

    def look(self, now: datetime) -> int:
        """Write a batch of each broadcast that is under way, and let tickets follow their problems; return how much was
        done."""
        self._resting = {copy: until for copy, until in self._resting.items() if until > now}
        under_way = Broadcast.objects.filter(finished_at=None).order_by("at", "pk")
        under_way = under_way.select_related("problem__ticket")
        done = sum(self._batch(each, now) for each in list(under_way) if not self._stop.is_set())
        return done + sum(self._follow(each, now) for each in _behind() if not self._stop.is_set())

    def _batch(self, sent: Broadcast, now: datetime) -> int:
        at = moment(sent.problem.ticket.desk_id, now)
        waiting = BroadcastCopy.objects.filter(broadcast=sent, done_at=None).exclude(pk__in=self._resting)
        ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])
        written = self._write_all(ids, at) if ids else 0
        if written < len(ids):
            written = sum(self._write(each, at) for each in ids)
        if not BroadcastCopy.objects.filter(broadcast=sent, done_at=None).exists():
            Broadcast.objects.filter(pk=sent.pk, finished_at=None).update(finished_at=now)
        return written

    def _write_all(self, ids: list[int], at: Moment) -> int:
        """Write a batch in one go; where one of them fails, none is, and each is tried alone."""
        try:
            return write_copies(ids, at)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            return 0

    def _write(self, copy_id: int, at: Moment) -> int:
        try:
            return write_copies([copy_id], at)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            self._set_aside(copy_id, at.at)
            return 0

    @transaction.atomic
    def _set_aside(self, copy_id: int, now: datetime) -> None:
        BroadcastCopy.objects.filter(pk=copy_id).update(tries=F("tries") + 1)
        tries = BroadcastCopy.objects.values_list("tries", flat=True).get(pk=copy_id)
        self._resting[copy_id] = now + min(_AGAIN * 2 ** min(tries, 10), _LONGEST)
        _log.exception("copy of a broadcast could not be written", copy=copy_id, tries=tries)

    def _follow(self, problem: Problem, now: datetime) -> int:
        try:
            return follow_problem(problem.pk, moment(problem.ticket.desk_id, now))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            _log.exception("tickets could not follow their problem", problem=problem.pk)
            return 0


def _behind() -> list[Problem]:
    """The problems of which some tickets do not know yet that they are solved, or open again."""
    rows = Affected.objects.filter(problem=OuterRef("pk"), left_at=None)
    problems = Problem.objects.select_related("ticket").order_by("pk")
    solved = problems.filter(Exists(rows.filter(solved_at=None)), ticket__status_category__in=DONE)
    still_open = problems.exclude(ticket__status_category__in=DONE)
    return [*solved, *still_open.filter(Exists(rows.filter(solved_at__isnull=False)))]
