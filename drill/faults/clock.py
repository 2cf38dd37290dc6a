"""Clock jumps: the time by which the desk lives leaps forward, past promises, and back again, as after a wrong setting.

The desk reads the time in one place, `upheld.desks.present`; a data directory that holds a lab's clock makes that place
read a file (docs/lab.md). The drill writes such a file and turns it at will, backwards too, which no lab does. Nothing
leaves a lab, so that mails go to its outbox.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from drill import ground
from drill.faults.form import SHORT, Fault
from drill.ground import Ground
from drill.mail_server_outside import MailServerOutside
from upheld.config.embedded import EmbeddedPostgres, connection_parameters
from upheld.config.lab_place import CLOCK
from upheld.desks.lab_clock import LabClock

LIMIT = timedelta(days=30)
# So long ago the desk was made: before that no policy was in force, and no clock jumps there.
AGE = timedelta(days=7)
REMARK = "select obj_description('django_migrations'::regclass, 'pg_class')"


@contextmanager
def by_a_clock_of_its_own(template: Path, outside: MailServerOutside, minutes: int) -> Iterator[Ground]:
    with ground.usual(template, outside, minutes) as found:
        _declare_lab(found)
        clock = found.desk.data_dir / CLOCK
        turn(clock, datetime.now(UTC) + AGE)
        found.read_clock = LabClock(clock).now
        found.sends = False
        yield found


def _declare_lab(found: Ground) -> None:
    """A desk refuses a lab's clock over a database that is no lab's."""
    data_dir = found.desk.data_dir
    with (
        EmbeddedPostgres(data_dir),
        psycopg.connect(**connection_parameters(data_dir), autocommit=True) as opened,
    ):
        row = opened.execute(REMARK).fetchone()
        words = sql.Literal(f"{row[0] if row else ''} lab filled")
        opened.execute(sql.SQL("comment on table django_migrations is {}").format(words))


def turn(clock: Path, to: datetime) -> None:
    """Let every process read another time from its next look on; from there it runs on as clocks do."""
    draft = clock.with_name("turning")
    LabClock.make(draft, to, 1.0).keep(to + LIMIT, None)
    draft.replace(clock)


def rage(ground: Ground, seconds: float, dice: random.Random) -> Counter[str]:
    """Forward by up to an hour, back by up to as much, ever on; at last forward, beyond all that was ever shown."""
    clock, done = ground.desk.data_dir / CLOCK, Counter[str]()
    latest = ground.read_clock()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(min(dice.uniform(1, 3), max(deadline - time.monotonic(), 0)))
        now = ground.read_clock()
        latest = max(latest, now)
        forward = done["forward"] <= done["back"]
        leap = timedelta(seconds=dice.uniform(60, 3600))
        turn(clock, now + leap if forward else now - leap)
        done["forward" if forward else "back"] += 1
    turn(clock, max(latest, ground.read_clock()) + timedelta(hours=2))
    return done + Counter(forward=1)


def wait_quickly(ground: Ground) -> None:
    """Alerts that leave together wait for a minute of the desk's time, which need not be a minute of ours."""
    for _ in range(4):
        time.sleep(3)
        turn(ground.desk.data_dir / CLOCK, ground.read_clock() + timedelta(minutes=2))


def expected(done: Counter[str], mail: Counter[str], pages: Counter[str]) -> Iterable[str]:
    if not (done["forward"] and done["back"]):
        yield f"the clock did not jump both ways: {dict(done)}"
    if mail.total() != mail["250"]:
        yield f"mail was refused though only the clock jumped: {dict(mail)}"


FAULT = Fault(
    "clock",
    "the desk's clock jumps forward past its promises, and back",
    share=0.06,
    run=rage,
    minutes=SHORT,
    ground=by_a_clock_of_its_own,
    expects=expected,
    afterwards=wait_quickly,
)
