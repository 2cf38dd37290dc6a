"""Sending mail to the desk of the tests, and letting the worker take it in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from harness.cast import Cast, utc
from upheld.mailboxes.accept import store
from upheld.mailboxes.ingest import claim_and_ingest
from upheld.mailboxes.models import RawMail
from upheld.mailboxes.parsing import ParsedMail, parse
from upheld.mailboxes.pool import Unreadable

NINE = utc("2026-03-19 09:00")


class SameProcess:
    """Stands in for the pool: the tests of the pool itself start real children."""

    def parse(self, raw: bytes) -> ParsedMail | Unreadable:
        if b"X-Test: too much" in raw:
            return Unreadable("it takes too long to read")
        return parse(raw)


@dataclass
class Post:
    """The desk's post: each mail is received a minute after the one before."""

    cast: Cast
    at: datetime = NINE
    pool: SameProcess = field(default_factory=SameProcess)

    def receives(
        self, raw: bytes, to: str = "support@desk.example.com", sender: str = "x@y.example"
    ) -> RawMail:
        """A mail is stored; nobody has read it yet."""
        self.at += timedelta(minutes=1)
        mailbox = self.cast.desk.mailboxes.get()
        return store(
            raw, way="smtp", mailbox=mailbox, envelope_from=sender, envelope_to=to, read_clock=lambda: self.at
        )

    def takes_in(self, later: timedelta = timedelta(seconds=1)) -> int:
        """The worker takes in all that is due."""
        count = 0
        while claim_and_ingest(self.pool, self.at + later):  # type: ignore[arg-type]
            count += 1
        return count

    def gets(self, raw: bytes, **envelope: str) -> RawMail:
        """A mail is stored and taken in."""
        mail = self.receives(raw, **envelope)
        self.takes_in()
        mail.refresh_from_db()
        return mail
