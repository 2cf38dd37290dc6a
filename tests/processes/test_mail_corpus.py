"""The whole corpus through SMTP to the running processes, while they are killed: every mail ends as its expectation
says, none is lost and none is doubled.

`CORPUS_SEED=7 pytest tests/processes/test_mail_corpus.py` repeats the choices of a run; it prints its seed when it
fails.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import smtplib
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import corpus_beside
import psycopg
import pytest

from corpus.expected import CORPUS, CorpusMail
from drill.killer import Killer
from drill.mail_server_outside import MailServerOutside
from drill.waiting import wait_for
from harness.desk import RunningDesk
from upheld.config.embedded import connection_parameters

pytestmark = pytest.mark.processes

VICTIMS = ("worker", "worker-2", "mail", "postgres", "parser", "server of one connection")
KILLING = 12.0
SENDING = 7.0
CONNECTIONS = 4
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)


@dataclass(frozen=True)
class Envelope:
    """A mail of the corpus as another mail server hands it over."""

    name: str
    sender: str
    recipient: str
    raw: bytes

    @classmethod
    def of(cls, mail: CorpusMail, values: dict[str, str]) -> Envelope:
        # Between mail servers a line ends with CR LF, whatever it was at home; a CR alone stays what it is.
        raw = re.sub(rb"(?<!\r)\n", b"\r\n", mail.filled(values))
        raw = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
        return cls(mail.name, mail.envelope_sender(values), mail.recipient(values), raw)


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    with MailServerOutside() as outside:
        made = RunningDesk.migrated("serve", {"UPHELD_EMAIL_URL": f"smtp://127.0.0.1:{outside.port}"})
        made.start()
        yield made
        print(made.log()[-20_000:])  # noqa: T201 - shown when the test has failed
        made.remove()


def test_every_mail_ends_as_expected_whoever_is_killed_meanwhile(desk: RunningDesk) -> None:
    seed = int(os.environ.get("CORPUS_SEED") or random.SystemRandom().randrange(1_000_000))
    dice = random.Random(seed)
    sent = beside(desk, "prepare")
    envelopes = {mail.name: Envelope.of(mail, values_of(sent, mail)) for mail in CORPUS}
    sent["digests"] = {name: hashlib.sha256(each.raw).hexdigest() for name, each in envelopes.items()}
    first = [envelopes[mail.name] for mail in CORPUS if not mail.expected.after]
    dice.shuffle(first)

    killer = Killer(desk, seed, VICTIMS)
    storm = Sending(desk.smtp_port, first, SENDING)
    killer.rage(KILLING, pauses=(0.3, 1.0))
    storm.join()
    print(f"CORPUS_SEED={seed}; killed {Counter(killer.killed)}; {storm.refused} times no 250")  # noqa: T201
    assert set(killer.killed) == set(VICTIMS)
    assert storm.refused
    wait_until_read(desk)

    # What repeats another mail comes when that one was read; and some come once more, as after a lost answer.
    again = [envelopes[mail.name] for mail in CORPUS if mail.expected.after]
    Sending(desk.smtp_port, [*dice.sample(first, len(first) // 10), *again], 1).join()
    wait_until_read(desk)
    wrong = beside(desk, "check", sent)
    assert not wrong, "\n".join(wrong)


def values_of(sent: dict[str, Any], mail: CorpusMail) -> dict[str, str]:
    """With what a mail is filled: facts of its ticket."""
    story = sent["stories"].get(mail.name)
    return dict(story["values"]) if story else {}


def beside(desk: RunningDesk, what: str, sent: dict[str, Any] | None = None) -> Any:
    """Ask in a process that has the desk's settings."""
    done = subprocess.run(
        [sys.executable, corpus_beside.__file__, what],
        input=json.dumps(sent).encode(),
        env=desk.environment() | {"DJANGO_SETTINGS_MODULE": "upheld.config.settings"},
        capture_output=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr.decode()[-5000:]
    return json.loads(done.stdout)


def wait_until_read(desk: RunningDesk) -> None:
    """Wait until no mail waits; one whose parser was killed comes again after 5, 15 and 45 seconds."""
    try:
        wait_for("a desk that has read everything", lambda: unread(desk) == [], patience=90)
    except AssertionError as error:
        pytest.fail(f"{error}; these wait: {unread(desk)}", pytrace=False)


def unread(desk: RunningDesk) -> list[tuple[Any, ...]]:
    try:
        with psycopg.connect(**connection_parameters(desk.data_dir), autocommit=True) as opened:
            waiting = "select id, attempts, reason from mailboxes_rawmail where state = 'waiting'"
            return opened.execute(waiting).fetchall()
    except psycopg.OperationalError as error:
        return [("the database", 0, str(error))]  # it is just starting again


class Sending:
    """Another mail server: several connections, spread over some seconds, each mail again while the desk says later."""

    def __init__(self, port: int, envelopes: Iterable[Envelope], seconds: float) -> None:
        self.refused = 0
        self._port = port
        self._trouble: list[str] = []
        self._left = deque(envelopes)
        self._pause = seconds * CONNECTIONS / len(self._left)
        self._threads = [threading.Thread(target=self._send_all, daemon=True) for _ in range(CONNECTIONS)]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until every mail is taken."""
        for thread in self._threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self._threads), "the desk did not take every mail"
        assert self._trouble == []

    def _send_all(self) -> None:
        session = Session(self._port)
        while True:
            try:
                envelope = self._left.popleft()
            except IndexError:
                break
            try:
                self._send(session, envelope)
            except Exception as error:
                self._trouble.append(f"{envelope.name}: {error!r}")
                session.close()
            time.sleep(self._pause)
        session.close()

    def _send(self, session: Session, envelope: Envelope) -> None:
        attempt = 0
        while (answer := session.hand_over(envelope)) != "250":
            if answer.startswith("5"):
                self._trouble.append(f"{envelope.name} was refused: {answer}")
                return
            self.refused += 1
            time.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
            attempt += 1


class Session:
    """An SMTP connection that is kept from mail to mail, and opened anew after any trouble."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: smtplib.SMTP | None = None

    def hand_over(self, envelope: Envelope) -> str:
        """Offer a mail; `250`, or what the desk answered instead, or `later` where it did not answer."""
        try:
            if self._open is None:
                self._open = smtplib.SMTP("127.0.0.1", self._port, timeout=20)
                self._open.ehlo()
            return _answer(self._open, envelope)
        except (smtplib.SMTPException, OSError):
            self.close()
            return "later"

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None


def _answer(server: smtplib.SMTP, envelope: Envelope) -> str:
    sender = "" if envelope.sender == "<>" else envelope.sender
    steps = (
        lambda: server.mail(sender, ["SMTPUTF8", "BODY=8BITMIME"]),
        lambda: server.rcpt(envelope.recipient),
        lambda: server.data(envelope.raw),
    )
    for step in steps:
        code, text = step()
        if code != 250:
            server.rset()
            return f"{code} {text.decode(errors='replace')}"
    return "250"
