"""Slow and broken mail servers on the way out: they never answer, hang up in the midst of a mail, refuse at every step
for now or for good, or take the mail and hang up before they say so."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable

from drill import resending
from drill.faults.form import Fault
from drill.ground import Ground
from drill.mail_server_outside import EVERY_WAY
from drill.trouble import Wrong
from drill.waiting import wait_for

ROUNDS = 8
MORE = 90.0


def rage(ground: Ground, seconds: float, dice: random.Random) -> Counter[str]:
    ground.outside.misbehave(dice)
    began = time.monotonic()
    try:
        # Every way is to be tried, and who sends mail rests after some of them.
        while (passed := time.monotonic() - began) < seconds or (passed < seconds + MORE and _spared(ground)):
            time.sleep(0.2)
    finally:
        ground.outside.behave()
    return Counter(ground.outside.done)


def _spared(ground: Ground) -> list[str]:
    return [way for way in EVERY_WAY if not ground.outside.done[way]]


def send_again(ground: Ground) -> None:
    """Do what people do with mail that did not leave: have it sent again."""
    for _ in range(ROUNDS):
        done = subprocess.run(
            [sys.executable, resending.__file__],
            env=ground.desk.environment() | {"DJANGO_SETTINGS_MODULE": "upheld.config.settings"},
            capture_output=True,
        )
        if done.returncode:
            raise Wrong(f"the mail could not be sent again: {done.stderr.decode()[-2000:]}")
        if not int(done.stdout):
            return
        wait_for("mail that is sent again", lambda: _nothing_due(ground), patience=120)
    raise Wrong(f"sent again {ROUNDS} times, some mail has still not left")


def _nothing_due(ground: Ground) -> bool:
    with ground.connect() as opened:
        query = "select 1 from notices_notice where state = 'waiting' and next_try_at <= %s limit 1"
        return opened.execute(query, [ground.read_clock()]).fetchone() is None


def expected(done: Counter[str], mail: Counter[str], pages: Counter[str]) -> Iterable[str]:
    if spared := [way for way in EVERY_WAY if not done[way]]:
        yield f"never happened, so nothing is known of it: {', '.join(spared)}"
    if mail.total() != mail["250"]:
        yield f"mail was refused though only the way out was broken: {dict(mail)}"


FAULT = Fault(
    "peers",
    "slow and broken mail servers on the way out",
    share=0.12,
    run=rage,
    expects=expected,
    afterwards=send_again,
)
