"""SIGKILL to every process of the desk, any of them at any instant."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable

from drill.faults.form import SHORT, Fault
from drill.ground import Ground
from drill.killer import VICTIMS, Killer

PAUSES = (0.4, 1.4)
MORE = 60.0


def rage(ground: Ground, seconds: float, dice: random.Random) -> Counter[str]:
    killer = Killer(ground.desk, dice.randrange(1_000_000))
    killer.rage(seconds, pauses=PAUSES)
    # On a slow machine some live so rarely that they were not met yet.
    deadline = time.monotonic() + MORE
    while set(killer.killed) != set(VICTIMS) and time.monotonic() < deadline:
        killer.rage(1.0, pauses=PAUSES)
    return Counter(killer.killed)


def expected(done: Counter[str], mail: Counter[str], pages: Counter[str]) -> Iterable[str]:
    if spared := [victim for victim in VICTIMS if not done[victim]]:
        yield f"never killed, so nothing is known of it: {', '.join(spared)}"
    if mail.total() == mail["250"]:
        yield "no mail was ever refused, so the killing came to nothing"


FAULT = Fault(
    "kills",
    "SIGKILL to web, workers, listener, parser children and PostgreSQL",
    share=0.2,
    run=rage,
    minutes=SHORT,
    expects=expected,
)
