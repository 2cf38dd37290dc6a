"""A mail about somebody's work on a desk, in words that are ready."""

import secrets
from datetime import datetime

from django.db import connection

from upheld.desks.models import Desk
from upheld.notices.models import Notice, NoticeKind


def tell_by_mail(
    desk: Desk, *, to_address: str, to_name: str, subject: str, text: str, now: datetime
) -> Notice:
    """Write the notice in the caller's transaction; whoever sends mail is woken when it commits."""
    key = secrets.token_urlsafe(24)
    mailbox = desk.mailboxes.order_by("-is_default", "id").values_list("address", flat=True).first() or ""
    host = mailbox.rpartition("@")[2] or "localhost"
    notice = Notice.objects.create(
        desk=desk,
        kind=NoticeKind.ACCOUNT,
        key=f"account:{key}",
        to_address=to_address,
        to_name=to_name,
        message_id=f"<account.{key}@{host}>",
        data={"subject": subject, "text": text, "language": desk.language},
        next_try_at=now,
        created_at=now,
    )
    with connection.cursor() as cursor:
        cursor.execute("notify upheld_notice")
    return notice
