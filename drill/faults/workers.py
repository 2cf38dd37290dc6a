"""Two workers at once, and each in turn falls asleep in the midst of its work while the other goes on. The sleeper
wakes up believing that everything is as it was."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from drill.faults.form import SHORT, Fault
from drill.ground import Ground

LONGEST_NAP = 4.0


def rage(ground: Ground, seconds: float, dice: random.Random) -> Counter[str]:
    done: Counter[str] = Counter()
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        name = dice.choice(["worker", "worker-2"])
        _nap(ground.desk.pids()[name], min(dice.uniform(0.5, LONGEST_NAP), left))
        done[f"{name} asleep"] += 1
        time.sleep(dice.uniform(0.1, 0.8))
    return done


def _nap(pid: int, seconds: float) -> None:
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def expected(done: Counter[str], mail: Counter[str], pages: Counter[str]) -> Iterable[str]:
    if mail.total() != mail["250"]:
        yield f"mail was refused though only workers slept: {dict(mail)}"
    if pages["500"] or pages["503"]:
        yield f"pages broke though only workers slept: {dict(pages)}"


FAULT = Fault(
    "workers",
    "two workers, each stopped in turn in the midst of its work (SIGSTOP)",
    share=0.08,
    run=rage,
    minutes=SHORT,
    expects=expected,
)
