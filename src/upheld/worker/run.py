"""The worker: raw mail, due clocks, notices and housekeeping, each in a loop of its own.

What the loops share is the database: any number of workers may run, and any of them may be killed at any instant.
"""

import signal
import threading

import django
import structlog

_PATIENCE = 5.0
_SENDERS = 2
_PARSERS = 2


def main(stop: threading.Event | None = None) -> None:
    """Work until told to stop: by `stop`, else by SIGTERM or Ctrl-C."""
    django.setup()
    stop = stop or _told_by_signal()
    from upheld.worker.staff import Staff

    log = structlog.get_logger(__name__)
    with Staff(stop, senders=_SENDERS, parsers=_PARSERS) as staff:
        log.info("worker started", worker=staff.name)
        stop.wait()
        left = staff.wait(_PATIENCE)
    log.info("worker stopped", worker=staff.name, unfinished=",".join(left) or "none")


def _told_by_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
