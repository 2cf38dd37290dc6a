"""Who works in one worker process: the loops, their threads, and what they share."""

import threading
import time
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import Error, connection

from upheld.mailboxes.fetching.fetchers import POLL, Fetchers
from upheld.mailboxes.ingest import claim_and_ingest
from upheld.mailboxes.outgoing.send import Sender
from upheld.mailboxes.pool import ParserPool
from upheld.worker import digests, heartbeat, housekeeping, proof, snoozes
from upheld.worker.broadcasts import POLL as BROADCASTS_POLL
from upheld.worker.broadcasts import Broadcaster
from upheld.worker.clocks import Sweeper
from upheld.worker.digests import MorningMails
from upheld.worker.held_requests import HeldSweeper
from upheld.worker.loop import Loop
from upheld.worker.pages import Caller
from upheld.worker.presses import POLL as PRESSES_POLL
from upheld.worker.presses import Presser
from upheld.worker.proof import Prover
from upheld.worker.pushes import push_next
from upheld.worker.third_parties import ThirdPartySweeper
from upheld.worker.wakes import Wakes

READING_FIRST = timedelta(minutes=1)
# One service that does not answer holds up one of them only.
_PUSHERS = 2
_PUSHES_POLL = 5.0


class Staff:
    """The loops of one worker. Entering starts them; leaving ends what they hold."""

    def __init__(self, stop: threading.Event, *, senders: int, parsers: int) -> None:
        self.name = heartbeat.worker_name()
        self._stop = stop
        self._sweeper = Sweeper(stop)
        self._pulse = heartbeat.Pulse(self._sweeper)
        self._pool = ParserPool(parsers)
        self._mail = [self._reading(number) for number in range(parsers)]
        self._held = HeldSweeper(stop)
        self._third_parties = ThirdPartySweeper(stop)
        self._caller = Caller(stop)
        self._prover = Prover()
        self._clocks = Loop("clocks", self._sweep, stop)
        self._broadcasts = Loop("broadcasts", Broadcaster(stop).look, stop, poll=BROADCASTS_POLL)
        self._presses = Loop("presses", Presser(stop).look, stop, poll=PRESSES_POLL)
        self._snoozes = Loop("snoozes", snoozes.wake, stop, poll=snoozes.POLL)
        self._notices = [self._sending(number) for number in range(senders)]
        self._pushes = [
            Loop(f"pushes-{number}", push_next, stop, poll=_PUSHES_POLL) for number in range(_PUSHERS)
        ]
        self._fetchers = Fetchers(stop)
        self._fetching = Loop("fetching", self._fetchers.look, stop, poll=POLL)
        self._loops = [
            *self._mail,
            self._clocks,
            *self._notices,
            *self._pushes,
            self._broadcasts,
            self._presses,
            self._snoozes,
        ]
        self._loops += [*([] if settings.LAB else [self._fetching]), *self._upkeep()]

    def __enter__(self) -> Self:
        for loop in self._loops:
            loop.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        with ExitStack() as last:
            last.callback(connection.close)
            last.callback(self._end_pulse)
            last.callback(self._fetchers.close)
            last.callback(self._prover.close)
            last.callback(self._pool.close)

    def wait(self, patience: float) -> list[str]:
        """Give the loops a little time to finish what they hold; return the names of those that did not.

        Those are daemon threads, and whatever they hold is rolled back and done again by the next worker.
        """
        deadline = time.monotonic() + patience
        for loop in self._loops:
            loop.wake.set()
        for loop in self._loops:
            loop.thread.join(max(0.0, deadline - time.monotonic()))
        return [loop.name for loop in self._loops if loop.thread.is_alive()]

    def _reading(self, number: int) -> Loop:
        return Loop(f"mail-{number}", lambda now: claim_and_ingest(self._pool, now), self._stop)

    def _sweep(self, now: datetime) -> int:
        # Who is called goes first: it is seldom, and it is what cannot wait.
        sweepers = (self._caller, self._sweeper, self._held, self._third_parties)
        return sum(each.sweep(now) for each in sweepers)

    def _sending(self, number: int) -> Loop:
        sender = Sender()

        def send(now: datetime) -> bool:
            # Unread mail holds its desk's clocks back and a notice does not, so reading goes first - for a while.
            reading = [loop.busy_since for loop in self._mail if loop.busy_since is not None]
            if reading and now - min(reading) < READING_FIRST:
                return False
            return bool(sender.send_next(now))

        return Loop(f"notices-{number}", send, self._stop, idle=sender.close)

    def _upkeep(self) -> list[Loop]:
        wakes = Wakes(
            {
                "upheld_mail": [loop.wake for loop in self._mail],
                "upheld_clock": [self._clocks.wake],
                "upheld_broadcast": [self._broadcasts.wake],
                "upheld_press": [self._presses.wake],
                "upheld_notice": [loop.wake for loop in self._notices],
                "upheld_push": [loop.wake for loop in self._pushes],
            }
        )
        return [
            Loop("wakes", wakes.listen, self._stop),
            Loop("heartbeat", self._pulse.beat, self._stop, poll=heartbeat.INTERVAL),
            Loop("housekeeping", housekeeping.tidy, self._stop, poll=housekeeping.INTERVAL),
            Loop("proof", self._prover.look, self._stop, poll=proof.INTERVAL),
            Loop("digests", MorningMails().look, self._stop, poll=digests.INTERVAL),
        ]

    def _end_pulse(self) -> None:
        with suppress(Error):
            self._pulse.end()
