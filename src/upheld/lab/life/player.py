"""Lets the people of a lab do what they will do, each at the instant of it, and keeps the lab's clock meanwhile.

The clock stands while somebody acts and while the worker has something to do: so everything happens at its instant,
however fast the lab's time runs and however slow the machine is.
"""

import smtplib
import threading
from datetime import datetime, timedelta
from random import Random

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from upheld.clock import Calendar
from upheld.desks import present
from upheld.desks.lab_clock import LabClock
from upheld.desks.models import Desk
from upheld.desks.policies import compiled, version_in_force
from upheld.desks.policy_documents import document_of
from upheld.lab.life.book import OPENS, Book, Entry
from upheld.lab.life.deeds import Request, next_arrival, request, when
from upheld.lab.life.plan import read_plan
from upheld.lab.life.stage import Stage
from upheld.lab.life.waiting import Quiet, next_work
from upheld.lab.life.world import LEAD, world_of
from upheld.tickets.models import Ticket

BOOK = "lab-book.json"
# How far the clock may run ahead of its keeper, in real seconds; what it gains when everything is killed at once.
LEASE = 1.0
_GLANCE, _LONGEST_REST, _AFTER_TROUBLE = 0.03, 0.2, 1.0
_TO_ADMIT = timedelta(hours=2)
_FORGOTTEN_AT_THE_GATE = 1 / 3
_MOST_TRIES = 10
_log = structlog.get_logger(__name__)


class Player:
    """Plays the deeds of one lab, one a step."""

    def __init__(self, clock: LabClock, desk: Desk, book: Book, seed: int) -> None:
        self._clock, self._book, self._seed = clock, book, seed
        version = version_in_force(desk, clock.now())
        document = document_of(version.pk)
        self._world, self._zone = world_of(document), document.zone
        self._hours = next(iter(compiled(version.pk).calendars.values()), Calendar.always())
        self._stage = Stage(desk)
        self._quiet = Quiet()
        self._tries = 0

    def step(self) -> float:
        """Do what is due, or let the clock go on to what is due next; return for how long (of real time) to rest."""
        if not self._book.has_opening():
            self._expect_next()
        now = self._clock.now()
        if not self._quiet.reached(now):
            return _GLANCE
        deed = self._book.first
        if deed is not None and deed.at <= now:
            return self._do(deed, now)
        return self._go_on(now, deed.at if deed else None)

    def _expect_next(self) -> None:
        book = self._book
        book.expect(next_arrival(self._seed, book.arrivals + 1, book.last_arrival, self._zone))

    def _go_on(self, now: datetime, deed: datetime | None) -> float:
        speed = self._clock.speed()
        limit = min(filter(None, (now + timedelta(seconds=LEASE * speed), deed, next_work(now))))
        self._clock.keep(limit, deed)
        if not speed:
            return _LONGEST_REST
        return min(max((limit - now).total_seconds() / speed, _GLANCE), _LONGEST_REST)

    def _do(self, deed: Entry, now: datetime) -> float:
        """Do a deed and write down what follows from it. One for which the listener is missing is tried again."""
        try:
            following = self._done(deed, request(self._seed, deed.request, self._world), now)
        except (OSError, smtplib.SMTPException) as error:
            self._tries += 1
            _log.warning("deed failed", request=deed.request, tries=self._tries, error=type(error).__name__)
            if self._tries < _MOST_TRIES:
                return _AFTER_TROUBLE
            following = None
        self._tries = 0
        self._book.replace_first(following)
        return 0.0

    def _done(self, deed: Entry, wanted: Request, now: datetime) -> Entry | None:
        if deed.turn == OPENS:
            self._stage.make(wanted, now)
            return Entry(now, deed.request, 0, planned=False)
        ticket = self._stage.ticket_of(wanted)
        if ticket is None and not self._stage.is_held(wanted):
            return None
        if not deed.planned:
            return Entry(self._falls(deed, wanted, ticket, now), deed.request, deed.turn)
        if ticket is None:
            return self._at_the_gate(deed, wanted, now)
        turns = wanted.plot.turns
        self._stage.play(wanted, turns[deed.turn], wanted.saying(deed.turn), ticket, now)
        is_last = deed.turn + 1 == len(turns)
        return None if is_last else Entry(now, deed.request, deed.turn + 1, planned=False)

    def _falls(self, deed: Entry, wanted: Request, ticket: Ticket | None, now: datetime) -> datetime:
        """When a turn falls, now that everything which came before it has been read and promised."""
        if ticket is None:
            return self._hours.next_opening(now + _TO_ADMIT)
        return when(wanted.plot.turns[deed.turn], deed.at, ticket.next_due_at, self._hours, self._zone)

    def _at_the_gate(self, deed: Entry, wanted: Request, now: datetime) -> Entry | None:
        """Somebody looks at what was held; now and then nobody does, and the desk hears of that."""
        chance = Random(f"{self._seed}:{deed.request}:gate").random()  # noqa: S311 - chance, no secret
        if chance < _FORGOTTEN_AT_THE_GATE:
            return None
        self._stage.admit(wanted, LEAD.key, now)
        return Entry(now, deed.request, 0, planned=False)


def main(stop: threading.Event) -> None:
    """Play until told to stop; the clock stands from then on."""
    clock, plan = present.lab_clock(), read_plan(settings.DATA_DIR)
    desk = Desk.objects.order_by("pk")[0]
    player = Player(clock, desk, Book(settings.DATA_DIR / BOOK, plan.start), plan.seed)
    while not stop.is_set():
        try:
            rest = player.step()
        except (OperationalError, InterfaceError) as error:
            _log.error("database is away", error=" ".join(str(error).split())[:300])
            connection.close()
            rest = _AFTER_TROUBLE
        stop.wait(rest)
    clock.keep(clock.now(), None)
