"""One trial: a desk at work, a fault that rages, and what is found when it is over."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

from drill import checks
from drill.browser import Asked
from drill.faults.form import Fault
from drill.ground import ADMINISTRATOR, Ground
from drill.mail_server_outside import MailServerOutside
from drill.people import People
from drill.sending_server import SendingServer, correspondence
from drill.short_promises import DESK, consequences
from drill.trouble import Wrong
from drill.waiting import wait_for

LETTERS_A_SECOND = 5.0
CONNECTIONS = 4
# After many alerts the next ones wait for a minute, and machines that run tests are busy.
PATIENCE = 240.0
AGAIN = 3


@dataclass
class Outcome:
    """What came of one trial. `wrong` is empty where all is well; `left_out` says why it was not made."""

    fault: str
    what: str
    left_out: str = ""
    done: Counter[str] = field(default_factory=Counter)
    mails: int = 0
    forms: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    kept: int = 0
    why_kept: Counter[str] = field(default_factory=Counter)
    notices: int = 0
    came_again: int = 0
    pages: int = 0
    page_answers: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    verified: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}


def _plain(value: Any) -> Any:
    return dict(sorted(value.items())) if isinstance(value, Counter) else value


def tried(fault: Fault, template: Path, seed: int, seconds: float) -> Outcome:
    """Try a fault on a desk of its own, and say what came of it."""
    outcome = Outcome(fault.name, fault.what)
    if why := fault.missing():
        outcome.left_out = why
        return outcome
    began = time.monotonic()
    with MailServerOutside() as outside, fault.ground(template, outside, fault.minutes) as ground:
        try:
            _try(fault, ground, outcome, seed, seconds)
        except (Wrong, AssertionError, psycopg.Error) as trouble:
            outcome.wrong.append(f"{type(trouble).__name__}: {trouble}")
        if outcome.wrong:
            outcome.wrong.append(f"the desk said last:\n{ground.desk.log()[-4000:]}")
    outcome.seconds = time.monotonic() - began
    return outcome


def _try(fault: Fault, ground: Ground, outcome: Outcome, seed: int, seconds: float) -> None:
    desk, asked = ground.desk, Asked()
    letters = correspondence(random.Random(f"{seed} letters of {fault.name}"))
    sender = SendingServer(
        desk.smtp_port, DESK["mailbox"], letters, a_second=LETTERS_A_SECOND, connections=CONNECTIONS
    )
    agent = (ADMINISTRATOR, ground.password)
    people = People(desk.url, ground.outside, asked, agent, f"{seed} {fault.name}")
    desk.start()
    first = desk.pids()
    sender.start()
    people.start()
    try:
        outcome.done = fault.run(ground, seconds, random.Random(f"{seed} {fault.name}"))
        _works_again(sender, people)
    finally:
        people.finish(patience=60)
        try:
            sender.finish(PATIENCE if desk.runs() else 1)
        finally:
            _count(outcome, sender, people, asked)
    _stands(ground, first)
    fault.afterwards(ground)
    _find(ground, outcome, sender, people)
    outcome.verified, differing = checks.verified(desk)
    outcome.wrong += differing
    outcome.wrong += checks.pages(asked, desk.log())
    outcome.wrong += [f"a sound mail was refused for good, {sender.answers['5xx']} times"] * bool(
        sender.answers["5xx"]
    )
    outcome.wrong += fault.expects(outcome.done, sender.answers, asked.answers)
    if (status := desk.stop()) != 0:
        outcome.wrong.append(f"the desk ended with status {status} when it was told to stop")


def _works_again(sender: SendingServer, people: People) -> None:
    """Go on until mails and forms are taken after the last fault as before the first."""
    mails, forms = len(sender.taken) + AGAIN, people.taken() + AGAIN
    wait_for(
        "mails and forms that are taken again",
        lambda: len(sender.taken) >= mails and people.taken() >= forms,
        patience=PATIENCE,
    )


def _count(outcome: Outcome, sender: SendingServer, people: People, asked: Asked) -> None:
    outcome.mails, outcome.answers = len(sender.taken), sender.answers
    outcome.forms = people.taken()
    outcome.pages, outcome.page_answers = asked.pages, asked.answers
    outcome.broken = len(asked.numbers) + len(asked.unnumbered)


def _stands(ground: Ground, first: dict[str, int]) -> None:
    """The desk stood up by itself: the same supervisor, and everybody at work."""
    desk = ground.desk

    def well() -> bool:
        now = desk.pids()
        everybody = now.keys() == first.keys() and all(Path(f"/proc/{pid}").exists() for pid in now.values())
        return everybody and desk.is_healthy()

    wait_for("the desk on its feet", well, patience=PATIENCE)
    if desk.pids()["supervisor"] != first["supervisor"]:
        raise Wrong("the supervisor itself was started anew")


def _find(ground: Ground, outcome: Outcome, sender: SendingServer, people: People) -> None:
    """Look at everything at one instant at which nothing is under way."""
    with ground.connect() as opened, _at_rest(opened, ground) as (now, copies):
        texts = checks.messages(opened)
        taken = [each.text for each in (*sender.taken, *people.said) if getattr(each, "taken", True)]
        perhaps = [each.text for each in sender.refused] + [
            each.text for each in people.said if not each.taken
        ]
        gone = sorted(set(taken) - set(texts))
        found = checks.fate(taken, perhaps, texts, checks.kept_aside(opened, gone))
        outcome.lost, outcome.doubled = len(found.lost), len(found.doubled)
        outcome.kept, outcome.why_kept = found.kept.total(), found.kept
        outcome.wrong += found.complaints()
        for check in (
            checks.tickets_and_mails(opened),
            checks.stories(opened),
            checks.due(opened, ground.minutes, now),
            checks.acknowledgements(opened),
            checks.notices(opened, copies),
        ):
            outcome.wrong += list(check)[:20]
        outcome.notices = checks.select(opened, "select count(*) from notices_notice")[0]["count"]
        outcome.came_again = sum(len(each) - 1 for each in (copies or {}).values())


@contextmanager
def _at_rest(opened: psycopg.Connection[Any], ground: Ground) -> Iterator[tuple[Any, Any]]:
    """Wait for a snapshot in which every mail is read, every notice sent, every press done, every clock settled; and
    stay in it: on a busy desk the next clock may fall due at any moment."""
    last_warning = sorted(consequences(ground.minutes).values())[1]
    # What falls due only in an hour is not waited for.
    soon = last_warning if last_warning < timedelta(minutes=1) else timedelta(0)
    deadline = time.monotonic() + PATIENCE
    while True:
        with opened.transaction():
            opened.execute("set transaction isolation level repeatable read")
            now = ground.read_clock()
            found = checks.select(opened, _UNDER_WAY, {"now": now, "fresh": now - soon})[0]
            if not any(found.values()):
                # Sent before it is marked as sent: what is marked by now has arrived.
                copies = {name: list(each) for name, each in dict(ground.outside.copies).items()}
                yield now, copies if ground.sends else None
                return
        if time.monotonic() > deadline:
            waits = {name: count for name, count in found.items() if count}
            raise Wrong(f"{PATIENCE:.0f} s after the last fault the desk has not come to rest: {waits}")
        time.sleep(0.3)


_UNDER_WAY = """
select (select count(*) from mailboxes_rawmail where state = 'waiting') as mails,
    (select count(*) from notices_notice where state = 'waiting') as notices,
    (select count(*) from tickets_press where state = 'waiting') as presses,
    (select count(*) from tickets_ticket where wake_at < %(now)s) as clocks,
    (select count(*) from tickets_ticket where received_at > %(fresh)s) as warnings
"""
