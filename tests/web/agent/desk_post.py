"""Mail for the tests of its pages: kept, parked and ignored as the worker leaves it, and notices in trouble."""

import hashlib
from datetime import datetime, timedelta

from cast_of_pages import NOW

from upheld.desks.models import Desk, Mailbox
from upheld.mailboxes.models import MailState, RawMail
from upheld.notices.models import Notice, NoticeKind, NoticeState

PLAIN = (
    b"From: Tomas Berg <t.berg@supplier.example.net>\nTo: support@desk.example.com\n"
    b"Subject: Delivery of the chargers\nMessage-ID: <c1@supplier.example.net>\n"
    b"Date: Fri, 20 Mar 2026 16:00:00 +0000\n\nThe chargers come on Monday.\n"
)


def mail(
    mailbox: Mailbox | None,
    state: MailState = MailState.KEPT,
    raw: bytes = PLAIN,
    *,
    at: datetime = NOW - timedelta(minutes=20),
    **values: object,
) -> RawMail:
    """A mail as it stands after the worker was at it."""
    usual: dict[str, object] = {
        "from_address": "t.berg@supplier.example.net",
        "subject": "Delivery of the chargers",
        "reason": "nobody has checked its sender's domain",
        "envelope_from": "t.berg@supplier.example.net",
        "envelope_to": "support@desk.example.com",
        "peer": "192.0.2.7",
    }
    return RawMail.objects.create(
        mailbox=mailbox,
        received_at=at,
        next_try_at=at,
        way="smtp",
        raw=raw,
        digest=hashlib.sha256(raw).hexdigest(),
        state=state,
        **(usual | values),
    )


def notice(desk: Desk | None, state: NoticeState = NoticeState.FAILED, **values: object) -> Notice:
    """A mail that did not leave or did not arrive."""
    count = Notice.objects.count()
    usual: dict[str, object] = {
        "kind": NoticeKind.STATUS,
        "to_address": "amina@school.example.org",
        "attempts": 3,
        "last_error": "SMTPDataError: 550 mailbox full",
        "next_try_at": NOW + timedelta(minutes=35),
        "created_at": NOW - timedelta(hours=2),
    }
    return Notice.objects.create(
        desk=desk,
        key=f"tests:{count}",
        message_id=f"<tests-{count}@desk.example.com>",
        state=state,
        **(usual | values),
    )
