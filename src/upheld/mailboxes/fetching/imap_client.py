"""The connection under an IMAP account: bounded in time and size, encrypted as told, and able to wait for news."""

import imaplib
import select
import socket
import ssl
from contextlib import suppress

from imap_tools import BaseMailBox

from upheld.mailboxes.fetching.tls import trusting_context
from upheld.mailboxes.models import Security

SECONDS_TO_ANSWER = 30
LONGEST_LINE = 20 * 1024 * 1024  # the numbers of two million mails
_CHUNK = 256 * 1024


class BoundedClient(imaplib.IMAP4):
    """imaplib with a reader of its own, which knows whether something has come and never takes in more than it may."""

    def __init__(self, host: str, port: int, security: str, largest: int) -> None:
        self._security, self._largest = security, largest
        self._received = bytearray()
        self._context = trusting_context() if security != Security.NONE else None
        super().__init__(host, port, SECONDS_TO_ANSWER)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        self.sock: socket.socket = socket.create_connection((host, port), timeout)
        if self._security == Security.TLS:
            self._encrypt()

    def read(self, size: int) -> bytes:
        if size > self._largest:
            raise self.abort(f"a mail of {size} bytes, more than it said itself")
        while len(self._received) < size:
            self._receive()
        return self._taken(size)

    def readline(self) -> bytes:
        looked = 0
        while (end := self._received.find(b"\n", looked)) < 0:
            looked = len(self._received)
            if looked > LONGEST_LINE:
                raise self.abort("a line without an end")
            self._receive()
        return self._taken(end + 1)

    def shutdown(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> tuple[str, list[bytes]]:
        if "STARTTLS" not in self.capabilities:
            raise self.abort("STARTTLS is not offered")
        status, data = self._simple_command("STARTTLS")
        if status != "OK":
            raise self.error(data)
        if self._received:
            # Said before the encryption, to be taken for something said under it.
            raise self.abort("something was said between STARTTLS and TLS")
        self._encrypt()
        self._tls_established = True
        self.learn_capabilities()
        return status, data

    def learn_capabilities(self) -> None:
        """Ask what the server can do; it may offer more once we are signed in."""
        _, data = self.capability()
        if data and data[-1]:
            self.capabilities = tuple(data[-1].decode("ascii", "replace").upper().split())

    def idle(self) -> bytes:
        """Ask to be told when something happens; return the tag of the command."""
        tag = self._command("IDLE")
        while self._get_response() is not None:  # the server may tell news before it agrees
            if self.tagged_commands.get(tag):
                raise self.error(self.tagged_commands.pop(tag)[1])
        return tag

    def has_news(self, seconds: float) -> bool:
        """While idle: wait a little for a line, and read it. Raises when the server has hung up."""
        if b"\n" not in self._received and not self._something_comes(seconds):
            return False
        self._get_response()
        self._check_bye()
        return True

    def end_idle(self, tag: bytes) -> None:
        """Go back to giving commands."""
        self.send(b"DONE\r\n")
        while not self.tagged_commands[tag]:
            self._get_response()
        del self.tagged_commands[tag]

    def mail_has_come(self) -> bool:
        """Whether the server has told of new mail since this was asked last."""
        return bool(self.untagged_responses.pop("EXISTS", None))

    def _encrypt(self) -> None:
        assert self._context is not None  # noqa: S101 - made for everything that is encrypted
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)

    def _something_comes(self, seconds: float) -> bool:
        if not (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()):
            waiting = select.poll()
            waiting.register(self.sock.fileno(), select.POLLIN)
            if not waiting.poll(seconds * 1000):
                return False
        # What came may be a matter of TLS alone, and no line of the server's.
        self.sock.settimeout(0)
        try:
            self._receive()
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            self.sock.settimeout(SECONDS_TO_ANSWER)
        return b"\n" in self._received

    def _receive(self) -> None:
        chunk = self.sock.recv(_CHUNK)
        if not chunk:
            raise self.abort("the server hung up")
        self._received += chunk

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken


imaplib.Commands.setdefault("IDLE", ("SELECTED",))


class Account(BaseMailBox):
    """imap-tools on such a connection."""

    client: BoundedClient

    def __init__(self, host: str, port: int, security: str, largest: int) -> None:
        self._where = (host, port, security, largest)
        super().__init__()

    def _get_mailbox_client(self) -> BoundedClient:
        client = BoundedClient(*self._where)
        if client._security == Security.STARTTLS:
            try:
                client.starttls()
            except BaseException:
                client.shutdown()
                raise
        return client
