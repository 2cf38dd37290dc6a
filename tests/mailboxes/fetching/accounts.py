"""Accounts at another mail server, and sources that fetch from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from django.db.models import QuerySet

from harness.cast import LONG_AGO, Cast
from harness.dovecot import PASSWORD, Dovecot, Somebody
from upheld.mailboxes.fetching.administering import Plan, add, checked
from upheld.mailboxes.fetching.credentials import Credentials
from upheld.mailboxes.fetching.visiting import Visit, pay
from upheld.mailboxes.fetching.wanted import Older
from upheld.mailboxes.models import RawMail, Source

_numbers = count(1)


@dataclass
class Post:
    """The desk's accounts elsewhere."""

    cast: Cast
    server: Dovecot

    def source(self, account: Somebody, password: str = PASSWORD, **details: object) -> Source:
        """The desk fetches from an account; nothing has been fetched yet."""
        plan = {
            "name": f"account-{next(_numbers)}",
            "mailbox": self.cast.desk.mailboxes.get(),
            "host": "localhost",
            "port": self.server.pops if details.get("protocol") == "pop" else self.server.imaps,
            "username": account.address,
        }
        source = checked(Plan(**(plan | details)), LONG_AGO)  # type: ignore[arg-type]
        credentials = details_of_oauth(details) or Credentials(password=password)
        return add(source, credentials, "tests", LONG_AGO)

    def begun(self, account: Somebody, **details: object) -> Source:
        """The desk fetches from an account, and has looked at it once."""
        source = self.source(account, **details)
        assert fetch(source) == 0
        return source


def details_of_oauth(details: dict[str, object]) -> Credentials | None:
    """What a source with OAuth2 signs in with, taken out of the details."""
    if "oauth_token_url" not in details:
        return None
    from harness.token_server import REFRESH_TOKEN

    return Credentials(refresh_token=REFRESH_TOKEN)


def fetch(
    source: Source, read_clock: Callable[[], datetime] = lambda: datetime.now(UTC), **wanted: object
) -> int:
    """Fetch once, without a fault; return how many mails were stored."""
    visit = Visit(source, read_clock=read_clock, older=Older(**wanted))  # type: ignore[arg-type]
    well = pay(visit)
    source.refresh_from_db()
    assert well, source.last_error
    assert source.last_error == ""
    return visit.stored


def failing(source: Source) -> str:
    """Fetch once, in vain; return why."""
    assert not pay(Visit(source))
    source.refresh_from_db()
    return source.last_error


def stored(source: Source) -> QuerySet[RawMail]:
    """What came in by this kind of way."""
    return RawMail.objects.filter(way=source.protocol).order_by("pk")


def subjects(source: Source) -> list[str]:
    """The subjects of what was stored, in order."""
    return [subject_of(bytes(mail.raw)) for mail in stored(source)]


def subject_of(raw: bytes) -> str:
    return next(line[9:].decode() for line in raw.split(b"\r\n") if line.startswith(b"Subject: "))


def mail(subject: str, body: str = "Hello.", **headers: str) -> bytes:
    """A mail as it lies on a server."""
    lines = {
        "From": "Amina Yusuf <amina@school.example.org>",
        "To": "support@desk.example.com",
        "Subject": subject,
        "Message-ID": f"<{subject.lower().replace(' ', '.')}@school.example.org>",
        "Date": "Thu, 19 Mar 2026 09:00:00 +0000",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return (head + "\r\n" + body.replace("\n", "\r\n") + "\r\n").encode()


def days_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
