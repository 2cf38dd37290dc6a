"""One POP3 account. It knows mails by names of the server's (UIDL), and deletes at the end of a conversation only."""

import base64
import hashlib
import poplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from django.conf import settings

from upheld.mailboxes.fetching import tokens
from upheld.mailboxes.fetching.credentials import Credentials
from upheld.mailboxes.fetching.enclosed import refuse_in_a_lab
from upheld.mailboxes.fetching.imap_client import SECONDS_TO_ANSWER
from upheld.mailboxes.fetching.progress import Brought
from upheld.mailboxes.fetching.tls import trusting_context
from upheld.mailboxes.fetching.trouble import FetchTrouble
from upheld.mailboxes.models import Security, Source

# Servers pass on lines as long as people's programs write them, whatever the standards say.
LONGEST_LINE = 16 * 1024 * 1024
LARGEST_HEAD = 256 * 1024
MOST_MAILS = 1_000_000
_LONGEST_KEY = 300


class _LongLines:
    """poplib refuses lines of more than 2048 bytes; and it would take in any number of them."""

    largest = 0

    def _getline(self) -> tuple[bytes, int]:
        line = self.file.readline(LONGEST_LINE + 1)  # type: ignore[attr-defined]
        if len(line) > LONGEST_LINE:
            raise poplib.error_proto("a line without an end")
        if not line:
            raise poplib.error_proto("the server hung up")
        size = len(line)
        if line[-2:] == b"\r\n":
            return line[:-2], size
        return line.rstrip(b"\r\n"), size

    def lines_of_answer(self, command: str, largest: int) -> list[bytes] | None:
        """Give a command and read its lines; None when they are more than this many bytes, all of them read."""
        self._shortcmd(command)  # type: ignore[attr-defined]
        lines: list[bytes] | None = []
        taken = 0
        while (line := self._getline()[0]) != b".":
            taken += len(line) + 2
            if taken > largest:
                lines = None
            if lines is not None:
                lines.append(line[1:] if line.startswith(b".") else line)
        return lines


class _Plain(_LongLines, poplib.POP3):
    pass


class _Encrypted(_LongLines, poplib.POP3_SSL):
    pass


class Maildrop:
    """The mails of a source's account, on a connection that is signed in."""

    def __init__(self, client: "_Plain | _Encrypted") -> None:
        self._client = client
        self._numbers: dict[str, int] = {}
        self._sizes: dict[int, int] = {}

    def keys(self) -> list[str]:
        """The names of all mails that are there."""
        try:
            told = self._client.lines_of_answer("UIDL", MOST_MAILS * 80)
        except poplib.error_proto:
            raise FetchTrouble("The server has no lasting names for mails (UIDL). Fetch by IMAP.") from None
        for line in told or []:
            number, _, name = line.partition(b" ")
            if number.isdigit() and name.strip():
                self._numbers[_key(name.strip())] = int(number)
        return list(self._numbers)

    def learn_sizes(self, _keys: Sequence[str]) -> None:
        """Ask for the sizes of all mails, once."""
        if self._sizes:
            return
        for line in self._client.lines_of_answer("LIST", MOST_MAILS * 40) or []:
            number, _, size = line.partition(b" ")
            if number.isdigit() and size.strip().isdigit():
                self._sizes[int(number)] = int(size)

    def bring(self, key: str) -> Brought | None:
        """The bytes of a mail, or its head where it is larger than is taken. None when it is there no more."""
        number = self._numbers.get(key)
        if number is None:
            return None
        self.learn_sizes([])
        size = self._sizes.get(number, 0)
        if size <= settings.MAIL_SIZE_LIMIT:
            lines = self._client.lines_of_answer(f"RETR {number}", settings.MAIL_SIZE_LIMIT)
            if lines is not None:
                return Brought(_bytes(lines))
        head = self._client.lines_of_answer(f"TOP {number} 0", LARGEST_HEAD) or []
        return Brought(_bytes(head), too_large=max(size, settings.MAIL_SIZE_LIMIT + 1))

    def delete(self, keys: Sequence[str]) -> list[str]:
        """Mark mails to be deleted, which the server does when we take our leave; return those that are not there."""
        for key in keys:
            if key in self._numbers:
                self._client.dele(self._numbers[key])
        return [key for key in keys if key not in self._numbers]

    def leave(self) -> None:
        """End the conversation: now the server deletes what was marked."""
        self._client.quit()


def _key(name: bytes) -> str:
    text = name.decode("ascii", "backslashreplace").replace("\x00", "")
    return text if len(text) <= _LONGEST_KEY else hashlib.sha256(name).hexdigest()


def _bytes(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\r\n" for line in lines)


@contextmanager
def signed_in(source: Source, credentials: Credentials, now: datetime) -> Iterator[Maildrop]:
    """Connect and sign in."""
    refuse_in_a_lab()
    if source.oauth_token_url:
        tokens.access_token(source, credentials, now)
    client = _connected(source)
    try:
        try:
            _sign_in(client, source, credentials)
        except poplib.error_proto:
            tokens.drop(source)
            raise FetchTrouble(
                f"{source.host}:{source.port} refuses the sign-in of {source.username}."
                f" Set what it signs in with anew: `upheld mail source password {source.name}`."
            ) from None
        yield Maildrop(client)
    finally:
        with suppress(OSError, poplib.error_proto):
            client.close()


def _connected(source: Source) -> "_Plain | _Encrypted":
    if source.security == Security.TLS:
        return _Encrypted(source.host, source.port, timeout=SECONDS_TO_ANSWER, context=trusting_context())
    client = _Plain(source.host, source.port, timeout=SECONDS_TO_ANSWER)
    if source.security == Security.STARTTLS:
        try:
            _encrypt(client, trusting_context())
        except BaseException:
            with suppress(OSError):
                client.close()
            raise
    return client


def _encrypt(client: _Plain, context: ssl.SSLContext) -> None:
    if "STLS" not in client.capa():
        raise FetchTrouble("The server does not offer STARTTLS. Use --security tls.")
    client.stls(context)


def _sign_in(client: "_Plain | _Encrypted", source: Source, credentials: Credentials) -> None:
    if not source.oauth_token_url:
        client.user(source.username)
        client.pass_(credentials.password)
        return
    said = f"user={source.username}\x01auth=Bearer {credentials.access_token}\x01\x01"
    client._shortcmd("AUTH XOAUTH2")  # type: ignore[union-attr]
    answer = client._shortcmd(base64.b64encode(said.encode()).decode())  # type: ignore[union-attr]
    if answer.startswith(b"+ "):  # a question about the refusal, which wants an empty answer
        client._shortcmd("")  # type: ignore[union-attr]
