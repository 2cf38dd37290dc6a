"""The form of a fault: what it is called, what it does, on what ground, and what must have come of it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from drill import ground
from drill.ground import Ground
from drill.mail_server_outside import MailServerOutside

MakeGround = Callable[[Path, MailServerOutside, int], AbstractContextManager[Ground]]
Run = Callable[[Ground, float, random.Random], Counter[str]]
Expects = Callable[[Counter[str], Counter[str], Counter[str]], Iterable[str]]

# Promises so long that nothing falls due by itself while a fault is tried: the desk comes to rest at once.
CALM = 24 * 60
# Within these minutes, warnings fall due while the fault rages.
SHORT = 3


def nothing_is_missing() -> str:
    return ""


def nothing_afterwards(ground: Ground) -> None:
    """Nobody has to do anything: the desk stands up by itself."""


def expects_nothing(done: Counter[str], mail: Counter[str], pages: Counter[str]) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Fault:
    """`share` is its part of the time; `run` rages for so many seconds, draws every choice from the dice it is given,
    leaves nothing broken behind, and returns what it did, how often. `missing` says why this machine cannot be tried
    so. `expects` is given what was done, and how mails and pages were answered meanwhile, and says what is wrong with
    that. `afterwards` is what the people who run a desk do then."""

    name: str
    what: str
    share: float
    run: Run
    minutes: int = CALM
    ground: MakeGround = ground.usual
    missing: Callable[[], str] = nothing_is_missing
    expects: Expects = expects_nothing
    afterwards: Callable[[Ground], None] = nothing_afterwards
