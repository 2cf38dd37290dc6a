"""Waking a loop the moment there is work: the database says so. Without it, loops look by themselves every second."""

import threading
from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from psycopg import Connection, sql


class Wakes:
    """Hears the database's channels and wakes the loops that work on them. A step of a loop of its own."""

    def __init__(self, loops: Mapping[str, list[threading.Event]], patience: float = 1.0) -> None:
        self._loops, self._patience = loops, patience
        self._heard_on: Connection[tuple[object, ...]] | None = None

    def listen(self, now: datetime) -> bool:
        """Wait a little for a wake, and pass it on."""
        connection.ensure_connection()
        raw = connection.connection
        with connection.wrap_database_errors:
            if raw is not self._heard_on:
                self._begin(raw)
            for heard in raw.notifies(timeout=self._patience, stop_after=1):
                self._wake(heard.channel)
        return True

    def _begin(self, raw: "Connection[tuple[object, ...]]") -> None:
        for channel in self._loops:
            raw.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
        self._heard_on = raw
        # What was said while nobody listened is not repeated: everybody looks once.
        for channel in self._loops:
            self._wake(channel)

    def _wake(self, channel: str) -> None:
        for event in self._loops.get(channel, ()):
            event.set()
