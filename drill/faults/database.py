"""The database away: a PostgreSQL beside the desk, as UPHELD_DATABASE_URL names one, is stopped for most of the time
and started again; and once it falls asleep for a while with all its connections open."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from drill import ground
from drill.faults.form import Fault
from drill.ground import EVERYTHING, Ground, copy_data
from drill.killer import descendants
from drill.mail_server_outside import MailServerOutside
from upheld.config.embedded import EmbeddedPostgres, connection_parameters

AWAY, ASLEEP = 0.8, 0.1


@contextmanager
def server_beside(template: Path, outside: MailServerOutside, minutes: int) -> Iterator[Ground]:
    with ground.directory() as folder:
        copy_data(template, folder / "server", EVERYTHING)
        server = EmbeddedPostgres(folder / "server")
        with server:
            given = connection_parameters(folder / "server")
            url = f"postgres://{given['user']}@/{given['dbname']}?host={quote(given['host'])}&port={given['port']}"
            environ = {"UPHELD_DATABASE_URL": url}
            with ground.running_on(
                folder / "data", template, outside, minutes, environ=environ, database=given
            ) as found:
                found.at_hand["server"] = server
                yield found


def rage(ground: Ground, seconds: float, dice: random.Random) -> Counter[str]:
    server: EmbeddedPostgres = ground.at_hand["server"]
    time.sleep(seconds * (1 - AWAY - ASLEEP) / 2)
    _sleep(server, seconds * ASLEEP)
    time.sleep(seconds * (1 - AWAY - ASLEEP) / 2)
    server.stop()
    try:
        time.sleep(seconds * AWAY)
    finally:
        server.start()
    return Counter({"asleep": 1, f"away for {seconds * AWAY:.0f} s": 1})


def _sleep(server: EmbeddedPostgres, seconds: float) -> None:
    everybody = descendants(server.pid or 0)
    for pid in everybody:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        for pid in everybody:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def expected(done: Counter[str], mail: Counter[str], pages: Counter[str]) -> Iterable[str]:
    if not mail["4xx"]:
        yield "no mail was answered 4xx while the database was away"
    if not pages["503"]:
        yield "no page said 503 while the database was away"
    if pages["500"]:
        yield f"{pages['500']} pages answered 500 though only the database was away"


FAULT = Fault(
    "database",
    "PostgreSQL away, and once asleep with its connections open (SIGSTOP)",
    share=0.42,
    run=rage,
    ground=server_beside,
    expects=expected,
)
