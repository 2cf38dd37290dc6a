"""What the long-running processes do. `python -m upheld.config.programs NAME` is what the supervisor starts."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable

from upheld.config.addresses import http_address


def stop_event() -> threading.Event:
    """An event that SIGTERM and SIGINT set: the process finishes what it holds, then ends."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def run_web() -> None:
    """Serve the pages until told to stop."""
    from upheld.config.serve import serve

    serve(http_address())


def run_worker() -> None:
    """Work through mail, due clocks and notices until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.config.settings")
    from upheld.worker.run import main

    main(stop_event())


def run_mail() -> None:
    """Accept mail until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.config.settings")
    import django

    django.setup()
    from upheld.mailboxes.listener import main

    main(stop_event())


def run_player() -> None:
    """Play the people of a lab, and keep its clock, until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.config.settings")
    import django

    django.setup()
    from upheld.lab.life.player import main

    main(stop_event())


RUN: dict[str, Callable[[], None]] = {
    "web": run_web,
    "worker": run_worker,
    "mail": run_mail,
    "player": run_player,
}


def _without_terminal_colours() -> None:
    """structlog loads rich, nine megabytes a process, to draw tracebacks for a terminal; ours go to a log."""
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]


if __name__ == "__main__":
    _without_terminal_colours()
    RUN[sys.argv[1]]()
