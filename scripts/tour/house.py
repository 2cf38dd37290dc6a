"""A desk's whole machinery in one process, at instants that are given: database, pages, and the "
"worker's steps."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ADDRESS = "desk.example.com"
# A picture's database may be lost in a power cut.
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_MOST_ROUNDS = 500


class House:
    """The clock stands still until somebody moves it; moving it lets everything happen that is due "
    "meanwhile."""

    def __init__(self, data_dir: Path, now: datetime) -> None:
        from upheld.mailboxes.outgoing.send import Sender
        from upheld.worker.broadcasts import Broadcaster
        from upheld.worker.clocks import Sweeper
        from upheld.worker.held_requests import HeldSweeper
        from upheld.worker.pages import Caller
        from upheld.worker.presses import Presser
        from upheld.worker.third_parties import ThirdPartySweeper

        self.data_dir, self.now, self.port = data_dir, now, 0
        self._sweepers = (Caller(), Sweeper(), HeldSweeper(), ThirdPartySweeper())
        self._presser, self._broadcaster, self._sender = Presser(), Broadcaster(), Sender()

    def move_to(self, then: datetime) -> None:
        """Go on to `then`, and at each instant between let the worker do what is due."""
        from upheld.lab.life.waiting import next_work

        self._work()
        while (at := next_work(self.now)) is not None and at <= then:
            self.now = at
            self._work()
        self.now = then
        self._work()

    def verify(self, number: str) -> str:
        """Return what `upheld verify` says of a ticket. What differs ends the whole run."""
        command = [sys.executable, "-m", "upheld", "verify", "--ticket", number]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{number} does not stand the proof:\n{done.stdout}{done.stderr}")
        return done.stdout.strip("\n")

    def _work(self) -> None:
        from upheld.worker.pushes import push_next

        for _ in range(_MOST_ROUNDS):
            done = self._presser.look(self.now) + self._broadcaster.look(self.now)
            done += sum(each.sweep(self.now) for each in self._sweepers)
            done += self._sender.send_next(self.now) + push_next(self.now)
            if not done:
                return
        raise SystemExit(f"The worker found no end at {self.now}.")


@contextmanager
def open_house(now: datetime) -> Iterator[House]:
    """A new database, emptied of everything afterwards, with pages that tell the house's time."""
    data_dir = Path(tempfile.mkdtemp(prefix="upheld-pictures-"))
    for name in [name for name in os.environ if name.startswith("UPHELD_")]:
        del os.environ[name]
    os.environ |= {
        "UPHELD_DATA_DIR": str(data_dir),
        "UPHELD_DEMO": "1",
        "UPHELD_URL": f"http://{ADDRESS}",
        "UPHELD_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "upheld.config.settings",
        # The browser keeps an event loop in this thread, by which Django would take it for an async one.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    import django

    from upheld.config.embedded import EmbeddedPostgres

    try:
        with EmbeddedPostgres(data_dir, settings=_FAST):
            django.setup()
            with _furnished(House(data_dir, now)) as house:
                yield house
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)


@contextmanager
def _furnished(house: House) -> Iterator[House]:
    from django.core.management import call_command
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.db import connections

    from upheld.config.database import connection, note_schema
    from upheld.config.wsgi import application
    from upheld.desks import present

    class Silent(WSGIRequestHandler):
        def log_message(self, *args: object) -> None:
            """Say nothing of pages that were looked at."""

    present.now = lambda: house.now
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with connection() as opened:
        note_schema(opened, "demo", "filled")
    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
    server.daemon_threads = True
    server.set_app(application)
    house.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield house
    finally:
        server.shutdown()
        connections.close_all()


def local(text: str, zone: str) -> datetime:
    """Return the instant that is written as a local time of the zone."""
    from zoneinfo import ZoneInfo

    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
