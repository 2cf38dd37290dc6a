"""Asking a web server for its first page without waiting for it."""

from __future__ import annotations

import socket
import time
from contextlib import suppress

from upheld.config.addresses import Address


class Readiness:
    """One question at a time to a server that may not be there yet."""

    def __init__(self, address: Address) -> None:
        host, _, port = address.to_visit().rpartition(":")
        self._address = (host.strip("[]"), int(port))
        self._host = address.to_visit()
        self._question: socket.socket | None = None
        self._asked_at = 0.0

    def came(self) -> bool:
        """Whether an answer has come; asks again when a question was lost."""
        if self._question is None or time.monotonic() - self._asked_at > 10:
            self._ask()
        if self._question is None:
            return False
        try:
            answered = bool(self._question.recv(12))
        except BlockingIOError:
            return False
        except OSError:
            answered = False
        self._question.close()
        self._question = None
        return answered

    def _ask(self) -> None:
        if self._question is not None:
            self._question.close()
            self._question = None
        self._asked_at = time.monotonic()
        with suppress(OSError):
            question = socket.create_connection(self._address, timeout=1)
            question.sendall(f"GET / HTTP/1.1\r\nHost: {self._host}\r\nConnection: close\r\n\r\n".encode())
            question.setblocking(False)
            self._question = question
