"""One IMAP folder: what is in it, its mails as bytes, and the step after storing.

Reading changes nothing on the server (BODY.PEEK; a folder whose mail stays is opened for reading only), and a step
names its mails by UID: what other people have marked as deleted is never expunged.
"""

import imaplib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from time import monotonic

from django.conf import settings
from imap_tools import AND, FolderInfo
from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError
from imap_tools.utils import encode_folder

from upheld.mailboxes.fetching import tokens
from upheld.mailboxes.fetching.credentials import Credentials
from upheld.mailboxes.fetching.enclosed import refuse_in_a_lab
from upheld.mailboxes.fetching.imap_client import Account
from upheld.mailboxes.fetching.keys import imap_key, uid_of
from upheld.mailboxes.fetching.progress import Brought
from upheld.mailboxes.fetching.trouble import FetchTrouble
from upheld.mailboxes.fetching.wanted import Older
from upheld.mailboxes.models import Afterwards, Source

LARGEST_HEAD = 256 * 1024
SIZES_AT_ONCE = 100
# Asked for at once in one command, whose line must not be too long for the server.
STEPS_AT_ONCE = 100
SECONDS_BETWEEN_LOOKS_ASIDE = 1.0
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_EMPTY = re.compile(rb'\bBODY\[(?:HEADER)?\](?:<0>)? (?:""|NIL)')


class Folder:
    """The folder of a source, open on a connection that is signed in."""

    def __init__(self, source: Source, account: Account) -> None:
        self.source, self.account = source, account
        self._sizes: dict[int, int] = {}

    @property
    def can_wait(self) -> bool:
        """Whether the server tells of new mail by itself."""
        return self._offers("IDLE")

    def open(self, *, only_look: bool = False) -> None:
        """Open the folder; for reading only, unless something is to be done with its mails."""
        for_reading = only_look or self.source.afterwards == Afterwards.LEAVE
        try:
            self.account.folder.set(self.source.folder, readonly=for_reading)
        except MailboxFolderSelectError:
            names = ", ".join(sorted(each.name for each in self.folders())[:20]) or "none"
            raise FetchTrouble(
                f"There is no folder “{self.source.folder}” that can be opened. There are: {names}."
            ) from None
        except imaplib.IMAP4.readonly:
            raise FetchTrouble(
                f"The folder “{self.source.folder}” can only be read. Let the account change it, or leave mail there."
            ) from None
        self.validity = self._number_told("UIDVALIDITY")
        if not self.validity:
            raise FetchTrouble(
                "The server does not number its mails for good (UIDVALIDITY), so none can be fetched."
            )
        self.count = self._number_told("EXISTS")

    def folders(self) -> list[FolderInfo]:
        """The folders of the account."""
        return list(self.account.folder.list())

    def last(self) -> int:
        """The highest UID that the folder has given so far."""
        if following := self._number_told("UIDNEXT"):
            return following - 1
        return max(self._search("UID *"), default=0)

    def after(self, uid: int) -> list[int]:
        """The mails that came after this one."""
        # A range that ends with a star holds the last mail, even where that is below the range.
        return [found for found in self._search(f"UID {uid + 1}:*") if found > uid]

    def since(self, day: date) -> list[int]:
        """The mails that came on this day or later, by the server's calendar."""
        return self._search(str(AND(date_gte=day)))

    def older(self, wanted: Older) -> list[int]:
        """The mails in the folder that are wanted besides those to come."""
        if wanted.everything:
            return self._search("ALL")
        conditions: dict[str, object] = {"seen": False} if wanted.unread else {}
        if wanted.since:
            conditions["date_gte"] = wanted.since
        return self._search(str(AND(**conditions)))

    def learn_sizes(self, keys: Sequence[str]) -> None:
        """Ask for the sizes of some mails at once."""
        self._sizes = {}
        uids = ",".join(str(uid_of(key)) for key in keys[:SIZES_AT_ONCE])
        for line in self._fetched(uids, "(UID RFC822.SIZE)"):
            text = line[0] if isinstance(line, tuple) else line
            uid, size = _UID.search(text or b""), _SIZE.search(text or b"")
            if uid and size:
                self._sizes[int(uid[1])] = int(size[1])

    def bring(self, key: str) -> Brought | None:
        """The bytes of a mail, or its head where it is larger than is taken. None when it is there no more."""
        uid = uid_of(key)
        if uid not in self._sizes:
            self.learn_sizes([key])
        size = self._sizes.get(uid)
        if size is None:
            return None
        if size > settings.MAIL_SIZE_LIMIT:
            head = self._literal(uid, f"BODY.PEEK[HEADER]<0.{LARGEST_HEAD}>")
            return None if head is None else Brought(head, too_large=size)
        raw = self._literal(uid, "BODY.PEEK[]")
        if raw is None or len(raw) <= settings.MAIL_SIZE_LIMIT:
            return None if raw is None else Brought(raw)
        # Some servers count less than they send.
        return Brought(raw[:LARGEST_HEAD].partition(b"\r\n\r\n")[0] + b"\r\n\r\n", too_large=len(raw))

    def act(self, keys: Sequence[str]) -> Iterator[str]:
        """Do with stored mails what the source wants done; yield those for which it is done."""
        step = _STEPS[Afterwards(self.source.afterwards)]
        for start in range(0, len(keys), STEPS_AT_ONCE):
            some = keys[start : start + STEPS_AT_ONCE]
            step(self, ",".join(str(uid_of(key)) for key in some))
            yield from some

    def key(self, uid: int) -> str:
        return imap_key(self.validity, uid)

    def wait(self, seconds: float, ended: Callable[[], bool]) -> bool:
        """Wait until mail comes, but not longer than this or than somebody says; return whether mail came."""
        client = self.account.client
        if client.mail_has_come():  # told in between, and not told again
            return True
        deadline = monotonic() + seconds
        tag = client.idle()
        came = client.mail_has_come()
        while not came and not ended() and (left := deadline - monotonic()) > 0:
            if client.has_news(min(left, SECONDS_BETWEEN_LOOKS_ASIDE)):
                came = client.mail_has_come()
        client.end_idle(tag)
        return came

    def offers_for_step(self) -> str:
        """What is missing on the server for the step after storing, in words; empty where nothing is."""
        if self.source.afterwards == Afterwards.MOVE:
            if self.source.move_to not in {each.name for each in self.folders()}:
                return f"There is no folder “{self.source.move_to}” to move mail to: make it on the server."
            if not self._offers("MOVE") and not self._offers("UIDPLUS"):
                return "The server can neither move nor delete single mails: they are copied and marked as deleted."
        if self.source.afterwards == Afterwards.DELETE and not self._offers("UIDPLUS"):
            return (
                "The server cannot delete single mails: they are marked as deleted, and stay until expunged."
            )
        return ""

    def mark_seen(self, uids: str) -> None:
        """Mark mails as read."""
        self._do("STORE", uids, "+FLAGS.SILENT", r"(\Seen)")

    def move(self, uids: str) -> None:
        """Move mails to the folder of the source."""
        target = encode_folder(self.source.move_to)
        if self._offers("MOVE"):
            self._do("MOVE", uids, target)
            return
        # What was copied before an interruption is marked already, and is not copied again.
        if unmarked := ",".join(map(str, self._search(f"UID {uids} UNDELETED"))):
            self._do("COPY", unmarked, target)
        self.delete(uids)

    def delete(self, uids: str) -> None:
        """Delete these mails, and no others."""
        self._do("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)")
        if self._offers("UIDPLUS"):
            self._do("EXPUNGE", uids)

    def _do(self, command: str, *arguments: str | bytes) -> None:
        status, data = self.account.client.uid(command, *arguments)  # type: ignore[arg-type]
        if status != "OK":
            raise imaplib.IMAP4.error(*data)

    def _search(self, criteria: str) -> list[int]:
        return sorted({int(uid) for uid in self.account.uids(criteria, charset=None)})

    def _fetched(self, uids: str, parts: str) -> list[object]:
        status, data = self.account.client.uid("FETCH", uids, parts)
        if status != "OK":
            raise imaplib.IMAP4.error(*data)
        return list(data)

    def _literal(self, uid: int, part: str) -> bytes | None:
        for line in self._fetched(str(uid), f"(UID {part})"):
            # Between the lines there may be some that tell what others did with other mails.
            if isinstance(line, tuple) and b"BODY[" in line[0]:
                return bytes(line[1])
            if isinstance(line, bytes) and _EMPTY.search(line):
                return b""
        return None

    def _number_told(self, name: str) -> int:
        _, data = self.account.client.response(name)
        return int(data[-1]) if data and data[-1] and data[-1].isdigit() else 0

    def _offers(self, name: str) -> bool:
        return name in self.account.client.capabilities


_STEPS: dict[Afterwards, Callable[[Folder, str], None]] = {
    Afterwards.LEAVE: lambda _folder, _uids: None,
    Afterwards.SEEN: Folder.mark_seen,
    Afterwards.MOVE: Folder.move,
    Afterwards.DELETE: Folder.delete,
}


@contextmanager
def signed_in(source: Source, credentials: Credentials, now: datetime) -> Iterator[Folder]:
    """Connect and sign in."""
    refuse_in_a_lab()
    if source.oauth_token_url:
        tokens.access_token(source, credentials, now)
    account = Account(source.host, source.port, source.security, 2 * settings.MAIL_SIZE_LIMIT)
    try:
        _sign_in(account, source, credentials)
        account.client.learn_capabilities()
        yield Folder(source, account)
        with suppress(OSError, imaplib.IMAP4.error):
            account.client.logout()
    finally:
        account.client.shutdown()


def _sign_in(account: Account, source: Source, credentials: Credentials) -> None:
    try:
        if source.oauth_token_url:
            _with_token(account, source, credentials)
        elif not credentials.password.isascii() or not source.username.isascii():
            account.login_utf8(source.username, credentials.password, initial_folder=None)
        elif "LOGINDISABLED" in account.client.capabilities:
            raise FetchTrouble(
                "The server takes no password on this connection. Use --security tls or starttls."
            )
        else:
            account.login(source.username, credentials.password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, MailboxLoginError):
        tokens.drop(source)
        # What the server says of it may repeat what was sent.
        raise FetchTrouble(
            f"{source.host}:{source.port} refuses the sign-in of {source.username}."
            f" Set what it signs in with anew: `upheld mail source password {source.name}`."
        ) from None


def _with_token(account: Account, source: Source, credentials: Credentials) -> None:
    said = iter([f"user={source.username}\x01auth=Bearer {credentials.access_token}\x01\x01".encode()])
    # A refusal comes as a question, which wants an empty answer.
    account.client.authenticate("XOAUTH2", lambda _question: next(said, b""))
