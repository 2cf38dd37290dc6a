"""Every process of a desk is killed, again and again, while mail comes in, people use the pages and clocks fall due:
nothing is lost, nothing happens twice, and the desk stands up by itself.

`KILLS_SEED=7 pytest tests/processes/test_kills.py` repeats the choices of a run; it prints its seed when it fails.
`make drill` tries the other faults too, and for longer.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from drill import ground
from drill.faults import kills
from drill.ground import Ground
from drill.killer import VICTIMS, descendants
from drill.mail_server_outside import MailServerOutside
from drill.trial import tried
from harness import kept
from harness.desk import migrate

pytestmark = pytest.mark.processes

KILLING = 25.0


def test_whoever_is_killed_whenever_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    seed = int(os.environ.get("KILLS_SEED") or random.SystemRandom().randrange(1_000_000))
    seen: list[Ground] = []
    everybody: list[int] = []

    @contextmanager
    def watched(template: Path, outside: MailServerOutside, minutes: int) -> Iterator[Ground]:
        with ground.usual(template, outside, minutes) as made:
            seen.append(made)
            yield made
            assert not [pid for pid in everybody if Path(f"/proc/{pid}").exists()]

    def note_everybody(made: Ground) -> None:
        everybody.extend(descendants(made.desk.pids()["supervisor"]))

    template = tmp_path / "template"
    kept.tables(migrate, template)
    outcome = tried(replace(kills.FAULT, ground=watched, afterwards=note_everybody), template, seed, KILLING)

    print(f"KILLS_SEED={seed}; {outcome.as_json()}")  # noqa: T201 - shown when the test has failed
    assert outcome.wrong == []
    assert set(outcome.done) == set(VICTIMS)
    assert everybody
    # Enough was tried, on a slow machine too, and all of it arrived on tickets.
    assert outcome.mails >= 15
    assert outcome.forms >= 3
    assert outcome.pages > outcome.forms
    assert outcome.verified >= 10
    assert (outcome.lost, outcome.doubled, outcome.kept) == (0, 0, 0)
