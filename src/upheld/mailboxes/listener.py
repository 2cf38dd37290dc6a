"""The mail listener: SMTP from the desk's own mail server, in one process.

It says 250 only when every recipient's copy is committed, 550 while the sender is still there to hear it, and 451
whenever it is not sure. Lines of any length and any bytes are taken; what they mean is decided later. How much memory
and disk all mails that arrive at once may have is fixed; what is more is asked to come again (452).
"""

import asyncio
import logging
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax
from django.conf import settings
from django.db import close_old_connections, connection, transaction

from upheld.desks.models import Mailbox
from upheld.mailboxes.accept import NULL_SENDER, store
from upheld.mailboxes.addressing import find_mailbox
from upheld.mailboxes.arriving import Arrival, Room, UntilTheDot

CONNECTIONS = 100
CONNECTIONS_A_PEER = 50
RECIPIENTS = 100
SECONDS_A_COMMAND = 300
SECONDS_TO_FINISH = 8
DATABASE_THREADS = 6
SECONDS_BELIEVED = 5.0
SECONDS_TRUSTED = 1.0
LONGEST_COMMAND = 64 * 1024
# How many mails of the largest size may lie in files at once, before they are stored.
LARGEST_AT_ONCE = 20
_ALL_THAT_CAME = 2**31

NO_SUCH_MAILBOX = "550 5.1.1 No such mailbox here"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients, send the rest in another mail"
TOO_MANY_CONNECTIONS = b"421 4.7.0 Too many connections, try again later\r\n"
TRY_LATER = "451 4.3.0 The mail could not be stored, try again later"
NO_ROOM = "452 4.3.1 Too much mail arrives at once, try again later"
TOO_LARGE = "552 5.3.4 The mail is too large"
STORED = "250 2.0.0 The mail is stored"

log = structlog.get_logger(__name__)


def main(stop: threading.Event | None = None) -> None:
    """Listen until `stop` is set; without one, until SIGTERM or SIGINT."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd logs every line of every conversation
    asyncio.run(_serve(stop))


async def _serve(stop: threading.Event | None) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    _end_on_request(loop, ended, stop)
    host, _, port = settings.SMTP_ADDRESS.rpartition(":")
    with (
        ThreadPoolExecutor(DATABASE_THREADS, thread_name_prefix="mail-store") as threads,
        ThreadPoolExecutor(1, thread_name_prefix="mail-store-large") as one_thread,
    ):
        handler = Handler(threads, one_thread)
        front = Front(handler)
        server = await loop.create_server(front.connection, host.strip("[]"), int(port))
        log.info("mail_listening", address=settings.SMTP_ADDRESS)
        await ended.wait()
        server.close()
        await front.finish()
        _close_connections(threads)
    log.info("mail_listener_stopped")


def _end_on_request(
    loop: asyncio.AbstractEventLoop, ended: asyncio.Event, stop: threading.Event | None
) -> None:
    if stop is None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, ended.set)
        return

    def watch() -> None:
        stop.wait()
        with suppress(RuntimeError):  # the loop ended by itself
            loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=watch, name="mail-stop", daemon=True).start()


def _close_connections(threads: ThreadPoolExecutor) -> None:
    """Close each thread's own connection: none takes a second order before all have one."""
    together = threading.Barrier(DATABASE_THREADS)

    def close() -> None:
        connection.close()
        with suppress(threading.BrokenBarrierError):
            together.wait(timeout=SECONDS_TO_FINISH)

    for _ in range(DATABASE_THREADS):
        threads.submit(close)


class Front:
    """The open connections: how many there may be, and their end."""

    def __init__(self, handler: "Handler") -> None:
        self._handler = handler
        self._open: set[Conversation] = set()
        self._stopping = False

    def connection(self) -> "Conversation":
        return Conversation(self._handler, self)

    def admit(self, conversation: "Conversation") -> bool:
        if self._stopping or len(self._open) >= CONNECTIONS:
            return False
        # One peer cannot keep all the others out.
        if sum(each.peer == conversation.peer for each in self._open) >= CONNECTIONS_A_PEER:
            return False
        self._open.add(conversation)
        return True

    def forget(self, conversation: "Conversation") -> None:
        self._open.discard(conversation)

    async def finish(self) -> None:
        """Let mails that are being stored be answered, then close; a mail without an answer comes again."""
        self._stopping = True
        loop = asyncio.get_running_loop()
        deadline = loop.time() + SECONDS_TO_FINISH
        while self._open and loop.time() < deadline:
            for conversation in list(self._open):
                if not self._handler.is_storing(conversation.session):
                    conversation.hang_up()
            await asyncio.sleep(0.02)


class Conversation(SMTP):
    """One connection."""

    line_length_limit = LONGEST_COMMAND

    def __init__(self, handler: "Handler", front: Front) -> None:
        super().__init__(
            handler,
            data_size_limit=settings.MAIL_SIZE_LIMIT,
            enable_SMTPUTF8=True,
            hostname=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >"),
            ident="Upheld",
            timeout=SECONDS_A_COMMAND,
            loop=asyncio.get_running_loop(),
        )
        self._desk = handler
        self._front = front
        self._admitted = False
        self.peer = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.peer = str((transport.get_extra_info("peername") or ("",))[0])
        self._admitted = self._front.admit(self)
        if self._admitted:
            super().connection_made(transport)
            return
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101
        transport.write(TOO_MANY_CONNECTIONS)
        transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._front.forget(self)
        if self._admitted:
            super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self._admitted:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self._admitted else None

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """Take a mail in. aiosmtpd's own way keeps every line as an object: 50 MB of empty lines were 2 GB."""
        if await self.check_helo_needed() or self.envelope is None or self.session is None:
            return
        if arg or not self.envelope.rcpt_tos:
            await self.push("501 5.5.4 DATA stands alone" if arg else "503 5.5.1 RCPT comes first")
            return
        if not self._desk.room.has(_size_told(self.envelope)):
            await self.push(NO_ROOM)
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        mail = Arrival(settings.MAIL_SIZE_LIMIT, self._desk.room, settings.DATA_DIR)
        try:
            await self._receive(mail)
            answer = await self._desk.take(mail, self.session, self.envelope)
        finally:
            mail.close()
        self._set_post_data_state()
        await self.push(answer)

    async def _receive(self, mail: Arrival) -> None:
        """Read until the end of the mail. What came behind it is put back: it is the next command."""
        dot, behind = UntilTheDot(), None
        while behind is None:
            # All of it, or what is put back would stand behind what was left.
            came = await self._reader.read(_ALL_THAT_CAME)
            if not came:
                await asyncio.sleep(0)  # the end of the connection has ended this task already
                raise ConnectionResetError
            piece, behind = dot.feed(came)
            mail.add(piece)
        if behind and not self._reader.at_eof():
            self._reader.feed_data(behind)

    def hang_up(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            with suppress(RuntimeError, OSError):
                self.transport.write(b"421 4.3.2 The desk is stopping, try again later\r\n")
            self.transport.close()


class Handler:
    """What aiosmtpd asks us at each step. The database is asked in a few threads, each with its connection."""

    def __init__(self, threads: ThreadPoolExecutor, one_thread: ThreadPoolExecutor) -> None:
        self._threads = threads
        self._one_thread = one_thread
        self.room = Room(LARGEST_AT_ONCE * settings.MAIL_SIZE_LIMIT)
        self._directory = Directory()
        self._storing: set[int] = set()

    def is_storing(self, session: Session | None) -> bool:
        return id(session) in self._storing

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return TOO_MANY_RECIPIENTS
        mailbox = self._directory.recent(address)
        if mailbox is None:
            try:
                mailbox = await self._ask(self._directory.find, address)
            except Exception as error:
                return _later(error)
        if mailbox is None:
            return NO_SUCH_MAILBOX
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def take(self, mail: Arrival, session: Session, envelope: Envelope) -> str:
        """Store a mail that has arrived, and return what its sender hears."""
        if mail.too_large or mail.no_room:
            log.warning("mail_not_taken", bytes=mail.size, why="too large" if mail.too_large else "no room")
            return TOO_LARGE if mail.too_large else NO_ROOM
        self._storing.add(id(session))
        peer = str((session.peer or ("",))[0])
        try:
            if mail.is_large:
                # One after the other: while it is stored, a mail is in memory once more.
                await self._ask(self._store_large, envelope, peer, mail.content(), of=self._one_thread)
            else:
                await self._ask(self._store_for_all, envelope, peer, mail.content())
        except Exception as error:
            return _later(error)
        finally:
            self._storing.discard(id(session))
        return STORED

    async def handle_exception(self, error: Exception) -> str:
        return _later(error)

    async def _ask(self, function: Any, *values: Any, of: ThreadPoolExecutor | None = None) -> Any:
        return await asyncio.get_running_loop().run_in_executor(
            of or self._threads, _with_sound_connection, function, values
        )

    def _store_large(self, envelope: Envelope, peer: str, content: bytes | memoryview) -> None:
        try:
            self._store_for_all(envelope, peer, content)
        finally:
            connection.close()  # it keeps the memory of the largest that went through it

    def _store_for_all(self, envelope: Envelope, peer: str, content: bytes | memoryview) -> None:
        """Store one copy for each mailbox; all of them or none, since there is one answer for all."""
        copies: dict[int, tuple[Mailbox, str]] = {}
        for address in envelope.rcpt_tos:
            mailbox = self._directory.recent(address) or self._directory.find(address)
            if mailbox is None:
                raise LookupError("a mailbox went away between RCPT and DATA")
            if mailbox.pk not in copies or "+" in address:
                copies[mailbox.pk] = (mailbox, address)
        with transaction.atomic():
            for mailbox, address in copies.values():
                store(
                    content,
                    way="smtp",
                    mailbox=mailbox,
                    envelope_from=envelope.mail_from or NULL_SENDER,
                    envelope_to=address,
                    peer=peer,
                )


class Directory:
    """The mailboxes that were there a moment ago, so that not every mail asks for them.

    Only what is found is believed: an unknown address is always looked up, and a mailbox that has gone since makes
    the database refuse the mail, which then means later.
    """

    def __init__(self) -> None:
        self._found: dict[str, tuple[float, Mailbox]] = {}

    def recent(self, address: str) -> Mailbox | None:
        """The mailbox of exactly this address, if it was found within the last seconds."""
        found_at, mailbox = self._found.get(address.lower(), (0.0, None))
        return mailbox if mailbox and time.monotonic() - found_at < SECONDS_BELIEVED else None

    def find(self, address: str) -> Mailbox | None:
        """The mailbox of an address or plus-address, from the database."""
        mailbox = find_mailbox(address)
        if mailbox is not None and mailbox.address == address.lower():
            self._found[mailbox.address] = (time.monotonic(), mailbox)
        return mailbox


def _size_told(envelope: Envelope) -> int:
    """What the sender said of the size (RFC 1870); a small one needs no room, nor does one who says nothing."""
    told = [option.partition("=")[2] for option in envelope.mail_options if option.startswith("SIZE=")]
    return int(told[0]) if told and len(told[0]) < 12 and told[0].isdecimal() else 0


def _later(error: Exception) -> str:
    log.error("mail_refused_for_now", error=type(error).__name__)
    return TRY_LATER


_used = threading.local()


def _with_sound_connection(function: Any, values: tuple[Any, ...]) -> Any:
    """Call with a connection that works: it is tried when it has rested, and closed after any error."""
    if time.monotonic() - getattr(_used, "at", 0.0) > SECONDS_TRUSTED:
        close_old_connections()
    try:
        result = function(*values)
    except Exception:
        connection.close()
        raise
    _used.at = time.monotonic()
    return result
