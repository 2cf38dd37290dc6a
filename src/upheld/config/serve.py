"""The web server: granian with one worker process, a few threads for pages, and an event loop for streams."""

from __future__ import annotations

import signal
import warnings
from typing import Any

from upheld.config.addresses import Address
from upheld.config.child import die_with_parent

THREADS = 4


def serve(address: Address) -> None:
    """Serve until SIGTERM or SIGINT; open connections are given a few seconds to end."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "upheld.config.serve:application",
        address=address.host,
        port=address.port,
        interface=Interfaces.RSGI,
        workers=1,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        # An open stream never holds up a stop.
        workers_kill_timeout=5,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def __getattr__(name: str) -> Any:
    """The application, made only in the process that answers requests."""
    if name != "application":
        raise AttributeError(name)
    # A killed granian leaves its worker behind otherwise, and with it the port.
    die_with_parent(signal.SIGKILL)
    # Static files are found where they lie; nothing is collected.
    warnings.filterwarnings("ignore", message="No directory at", module="django")
    from upheld.config.wsgi import application
    from upheld.web.stream.application import Application

    return Application(application, THREADS)
