"""A mail server that sends to the desk: several connections, and each mail again until the desk says 250."""

from __future__ import annotations

import random
import smtplib
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0


@dataclass(frozen=True)
class Letter:
    """One mail of somebody's; `again` sends it once more after it was taken, as when the answer got lost."""

    message_id: str
    sender: str
    text: str
    answers: str = ""
    again: bool = False

    def as_bytes(self, to: str) -> bytes:
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = to
        mail["Subject"] = "Re: It does not start" if self.answers else "It does not start"
        mail["Message-ID"] = self.message_id
        if self.answers:
            mail["In-Reply-To"] = mail["References"] = self.answers
        mail.set_content(self.text)
        return mail.as_bytes(policy=SMTP)


class SendingServer:
    """Sends letters in their order, over several connections, spread over some seconds."""

    def __init__(
        self, port: int, to: str, letters: Iterable[Letter], *, seconds: float, connections: int
    ) -> None:
        self.refused = 0
        self._port, self._to = port, to
        self._letters = deque(letters)
        self._pause = seconds * connections / len(self._letters)
        self._threads = [
            threading.Thread(target=self._send_all, args=(number,), daemon=True)
            for number in range(connections)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self, patience: float) -> None:
        """Wait until every letter is taken."""
        deadline = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        assert not any(thread.is_alive() for thread in self._threads), "the desk did not take every mail"

    def _send_all(self, number: int) -> None:
        connection = Connection(self._port)
        dice = random.Random(number)
        while self._letters:
            try:
                letter = self._letters.popleft()
            except IndexError:
                break
            raw = letter.as_bytes(self._to)
            for _ in range(2 if letter.again else 1):
                self._send(connection, letter.sender, raw)
            time.sleep(self._pause * dice.uniform(0.5, 1.5))
        connection.close()

    def _send(self, connection: Connection, sender: str, raw: bytes) -> None:
        pause = FIRST_PAUSE
        while not connection.hand_over(sender, self._to, raw):
            self.refused += 1
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


class Connection:
    """An SMTP connection that is kept from mail to mail, and opened anew after any trouble."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: smtplib.SMTP | None = None

    def hand_over(self, sender: str, to: str, raw: bytes) -> bool:
        """Offer a mail; whether the answer was 250. Everything else, silence included, is no."""
        try:
            if self._open is None:
                self._open = smtplib.SMTP("127.0.0.1", self._port, timeout=10)
            self._open.sendmail(sender, [to], raw)
        except (smtplib.SMTPException, OSError):
            self.close()
            return False
        return True

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None
