"""The same mail twice: sent again because an answer got lost, or delivered by two ways.

A Message-ID alone proves nothing, since somebody else can use it first: sender and content must agree as well.
"""

import hashlib

from django.conf import settings
from django.db import connection

from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.parsing import MailFile, ParsedMail
from upheld.mailboxes.traces import messages_with_id
from upheld.tickets.models import Message

MOST_ANSWERED = 5


def wait_for_the_same(raw_mail: RawMail, mail: ParsedMail) -> None:
    """Let another worker that takes in a copy of this mail, or a mail that this one answers, finish first; until the
    end of the transaction."""
    answered = [*mail.in_reply_to, *mail.references[-1:]][:MOST_ANSWERED]
    names = {raw_mail.digest, mail.message_id or raw_mail.digest, *answered}
    # Everybody in the same order, or two would wait for each other.
    numbers = sorted(
        int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True) for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(number) from unnest(%s::bigint[]) number", [numbers])


def earlier_message(raw_mail: RawMail, mail: ParsedMail) -> Message | None:
    """Return the message that an earlier copy of this mail became. The same bytes have the same Message-ID, so bytes
    are compared only where there is none."""
    return _same_content(raw_mail, mail) if mail.message_id else _same_bytes(raw_mail)


def _same_bytes(raw_mail: RawMail) -> Message | None:
    twins = RawMail.objects.filter(
        digest=raw_mail.digest, mailbox_id=raw_mail.mailbox_id, state=MailState.TICKETED
    )
    twin = (
        twins.exclude(pk=raw_mail.pk).exclude(message=None).select_related("message").order_by("pk").first()
    )
    return twin.message if twin else None


def _same_content(raw_mail: RawMail, mail: ParsedMail) -> Message | None:
    if raw_mail.mailbox is None:
        return None
    same = messages_with_id([mail.message_id]).filter(
        ticket__desk_id=raw_mail.mailbox.desk_id, contact__address=mail.from_address, text=mail.new_text
    )
    for message in same.order_by("pk")[:10]:
        if _digests(mail) == sorted(message.attachments.values_list("digest", flat=True)):
            return message
    return None


def kept_files(mail: ParsedMail) -> list[MailFile]:
    """The files of a mail that are kept on its ticket."""
    return [file for file in mail.attachments if file.size <= settings.ATTACHMENT_SIZE_LIMIT]


def _digests(mail: ParsedMail) -> list[str]:
    return sorted(hashlib.sha256(file.content).hexdigest() for file in kept_files(mail))
