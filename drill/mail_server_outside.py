"""The mail server to which a desk hands what it sends: a real one, which keeps what it was given. It may be told to
misbehave, in every way that mail servers do."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from email import message_from_bytes
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from drill.desk import free_ports

WELL = "well"
# How a server can fail a mail so that its sender goes on with the next one,
OF_A_MAIL = (
    "4xx to the recipient",
    "5xx to the recipient",
    "4xx after the body",
    "5xx after the body",
    "takes the body, answers 4xx",
    "slow at each step",
)
# and so that the sender rests, since no other mail would fare better: once each, or hardly any mail would leave.
OF_THE_WAY = (
    "4xx to the sender",
    "5xx to the sender",
    "hangs up before the body",
    "takes the body and hangs up",
)
OF_A_CONNECTION = ("never says a word", "4xx as greeting", "5xx as greeting")
EVERY_WAY = (*OF_A_MAIL, *OF_THE_WAY, *OF_A_CONNECTION)
SLOW = 2.0


class MailServerOutside:
    """Takes every mail. `copies` has each Message-ID with the bytes of every copy that came."""

    def __init__(self) -> None:
        self.copies: dict[str, list[bytes]] = defaultdict(list)
        self.done: Counter[str] = Counter()
        (self.port,) = free_ports(1)
        self._moods = _Moods()
        self._controller = _Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> MailServerOutside:
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # it would log every line of every conversation
        logging.getLogger("mail.debug").setLevel(logging.CRITICAL)
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    def misbehave(self, dice: random.Random, ways: Sequence[str] = EVERY_WAY) -> None:
        """From now on fail about every second mail, and some connections, in each of these ways about equally often."""
        self._moods.begin(dice, ways)

    def behave(self) -> None:
        """Take everything again."""
        self._moods.end()

    def acknowledgements(self) -> list[Message]:
        """One of each acknowledgement, however often it came."""
        mails = [message_from_bytes(copies[0]) for copies in dict(self.copies).values()]
        return [mail for mail in mails if mail["Auto-Submitted"] == "auto-replied"]

    def mood_of_a_connection(self) -> str:
        return self._noted(self._moods.draw(OF_A_CONNECTION, one_in=4, again=False))

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        mood = self._moods.draw(OF_THE_WAY, one_in=4, again=False)
        session.mood = self._noted(  # type: ignore[attr-defined]
            self._moods.draw(OF_A_MAIL, one_in=2) if mood == WELL else mood
        )
        if session.mood.endswith("to the sender"):
            return f"{session.mood[0]}50 The sender does not please"
        await _dawdle(session)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        mood = session.mood  # type: ignore[attr-defined]
        if mood.endswith("to the recipient"):
            return f"{mood[0]}50 The recipient does not please"
        if mood == "hangs up before the body":
            _hang_up(server)
            return "421 Bye"
        await _dawdle(session)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mood = session.mood  # type: ignore[attr-defined]
        if mood.endswith("after the body"):
            return f"{mood[0]}50 The mail does not please"
        await _dawdle(session)
        content = envelope.original_content or b""
        self.copies[str(message_from_bytes(content)["Message-ID"]).strip()].append(content)
        if mood == "takes the body and hangs up":
            _hang_up(server)
        return "451 On second thoughts" if mood == "takes the body, answers 4xx" else "250 OK"

    def _noted(self, mood: str) -> str:
        if mood != WELL:
            self.done[mood] += 1
        return mood


class _Moods:
    """Draws how to behave: every way once before any comes again, if it does."""

    def __init__(self) -> None:
        self._dice: random.Random | None = None
        self._ways: Sequence[str] = ()
        self._bags: dict[Sequence[str], list[str]] = {}
        self._lock = threading.Lock()

    def begin(self, dice: random.Random, ways: Sequence[str]) -> None:
        with self._lock:
            self._dice, self._ways, self._bags = dice, ways, {}

    def end(self) -> None:
        with self._lock:
            self._dice = None

    def draw(self, of: Sequence[str], one_in: int, *, again: bool = True) -> str:
        with self._lock:
            ways = [way for way in of if way in self._ways]
            if self._dice is None or not ways or self._dice.randrange(one_in):
                return WELL
            bag = self._bags.get(of)
            if bag is None or (again and not bag):
                bag = self._bags[of] = self._dice.sample(ways, len(ways))
            return bag.pop() if bag else WELL


class _Conversation(SMTP):
    """One connection, whose mood is drawn before it is greeted."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        mood = self.event_handler.mood_of_a_connection()
        assert isinstance(transport, asyncio.Transport)
        if mood == WELL:
            self._deaf = False
            super().connection_made(transport)
            return
        self._deaf = True
        if mood.endswith("as greeting"):
            transport.write(f"{mood[0]}21 Not now\r\n".encode())
            transport.close()

    def data_received(self, data: bytes) -> None:
        if not self._deaf:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return False if self._deaf else super().eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._deaf:
            super().connection_lost(error)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Conversation(self.handler, **self.SMTP_kwargs)


async def _dawdle(session: Session) -> None:
    if session.mood == "slow at each step":  # type: ignore[attr-defined]
        await asyncio.sleep(SLOW)


def _hang_up(server: SMTP) -> None:
    if server.transport is not None:
        server.transport.abort()
