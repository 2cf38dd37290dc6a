"""A mail server that sends to the desk: several connections, and each mail again until the desk says 250."""

from __future__ import annotations

import random
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from drill.trouble import Wrong

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
PEOPLE = 50


@dataclass(frozen=True)
class Letter:
    """One mail of somebody's. `again` sends it once more after it was taken, as when the answer got lost; `once` gives
    it up where the first answer is not 250, as a sender does who has no patience."""

    message_id: str
    sender: str
    text: str
    answers: str = ""
    again: bool = False
    once: bool = False

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


def correspondence(dice: random.Random) -> Iterator[Letter]:
    """Letters without end. Each person writes three; the second answers the first, a few come twice, and a few are
    given up by their server."""
    number = 0
    while True:
        of, place = divmod(number, 3 * PEOPLE)
        turn, person = divmod(place, PEOPLE)
        first = of * 3 * PEOPLE + person
        kind = dice.random()
        yield Letter(
            message_id=f"<letter-{number}@drill.example.org>",
            sender=f"person-{first}@drill.example.org",
            text=f"This is letter {number}.",
            answers=f"<letter-{first}@drill.example.org>" if turn == 1 else "",
            again=kind < 0.1,
            # Never a first one: the letter that answers it would open the ticket in its place.
            once=turn == 2 and kind > 0.8,
        )
        number += 1


class SendingServer:
    """Sends letters in their order, over several connections, until told to stop.

    `taken` are those that were answered 250; `refused` those given up before they were. `answers` counts what the desk
    said each time: 250, 4xx, 5xx, or nothing at all.
    """

    def __init__(
        self, port: int, to: str, letters: Iterator[Letter], *, a_second: float, connections: int
    ) -> None:
        self.taken: list[Letter] = []
        self.refused: list[Letter] = []
        self.answers: Counter[str] = Counter()
        self._port, self._to, self._letters = port, to, letters
        self._pause = connections / a_second
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._given_up = threading.Event()
        self._threads = [
            threading.Thread(target=self._send_all, args=(number,), daemon=True)
            for number in range(connections)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self, patience: float) -> None:
        """Begin no further letter, and wait until those that were begun are taken."""
        self._stop.set()
        deadline = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            self._given_up.set()
            raise Wrong(f"{patience:.0f} s after the last fault the desk still takes no mail")

    def _send_all(self, number: int) -> None:
        connection = Connection(self._port)
        dice = random.Random(number)
        while not self._stop.is_set():
            with self._lock:
                letter = next(self._letters)
            raw = letter.as_bytes(self._to)
            took = self._send(connection, letter, raw)
            if took and letter.again:
                self._send(connection, letter, raw)
            (self.taken if took else self.refused).append(letter)
            self._stop.wait(self._pause * dice.uniform(0.5, 1.5))
        connection.close()

    def _send(self, connection: Connection, letter: Letter, raw: bytes) -> bool:
        pause = FIRST_PAUSE
        while True:
            answer = connection.hand_over(letter.sender, self._to, raw)
            with self._lock:
                self.answers[answer] += 1
            if answer == "250":
                return True
            if letter.once or self._given_up.is_set():
                return False
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


class Connection:
    """An SMTP connection that is kept from mail to mail, and opened anew after any trouble."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: smtplib.SMTP | None = None

    def hand_over(self, sender: str, to: str, raw: bytes) -> str:
        """Offer a mail, and return the answer: 250, 4xx, 5xx, or no answer. Everything but 250 is no."""
        try:
            if self._open is None:
                self._open = smtplib.SMTP("127.0.0.1", self._port, timeout=10)
            self._open.sendmail(sender, [to], raw)
        except smtplib.SMTPRecipientsRefused as refused:
            self.close()
            return _class(min(code for code, _ in refused.recipients.values()))
        except smtplib.SMTPResponseException as refused:
            self.close()
            return _class(refused.smtp_code)
        except (smtplib.SMTPException, OSError):
            self.close()
            return "no answer"
        return "250"

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None


def _class(code: int) -> str:
    return f"{code // 100}xx" if code >= 400 else "no answer"
