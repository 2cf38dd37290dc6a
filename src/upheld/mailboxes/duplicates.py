"""The same mail twice: sent again because an answer got lost, or delivered by two ways.

A Message-ID alone proves nothing, since somebody else can use it first: sender and content must agree as well.
"""

import hashlib
import json

from django.conf import settings
from django.db import connection
from django.db.models import Q

from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.parsing import MailFile, ParsedMail
from upheld.mailboxes.traces import held_messages_with_id, messages_with_id
from upheld.people.addresses import contact_id_of
from upheld.rules.domain_check import DomainCheck
from upheld.rules.follow_up import FORGED
from upheld.tickets.models import HeldMessage, Message

MOST_ANSWERED = 5


def identity(mail: ParsedMail) -> str:
    """Return the Message-ID of a mail, or for a dated mail without one a name made of all it says. That name is no
    Message-ID, and stands in no mail of ours."""
    if mail.message_id or not mail.from_address or mail.date is None:
        return mail.message_id
    said = [mail.from_address, mail.date.isoformat(), mail.subject, mail.body_text, _digests(mail)]
    return f"content:{hashlib.sha256(json.dumps(said).encode()).hexdigest()}"


def wait_for_the_same(raw_mail: RawMail, mail: ParsedMail) -> None:
    """Let another worker that takes in a copy of this mail, or a mail that this one answers, finish first; until the
    end of the transaction."""
    answered = [*mail.in_reply_to, *mail.references[-1:]][:MOST_ANSWERED]
    names = {raw_mail.digest, identity(mail) or raw_mail.digest, *answered}
    # Everybody in the same order, or two would wait for each other.
    numbers = sorted(
        int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True) for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(number) from unnest(%s::bigint[]) number", [numbers])


def earlier_message(raw_mail: RawMail, mail: ParsedMail, domain: DomainCheck) -> Message | None:
    """Return the message that an earlier copy of this mail became. The same bytes have the same Message-ID, so bytes
    are compared only where content cannot be: without one, or without a sender."""
    if mail.from_address and identity(mail):
        return _same_content(raw_mail, mail, domain)
    twin = _same_bytes(raw_mail, MailState.TICKETED).exclude(message=None).select_related("message").first()
    return twin.message if twin else None


def earlier_held(raw_mail: RawMail, mail: ParsedMail) -> HeldMessage | None:
    """Return the message of a held request that an earlier copy of this mail became."""
    if not (mail.from_address and identity(mail)):
        twin = _same_bytes(raw_mail, MailState.HELD).first()
        return (
            HeldMessage.objects.filter(raw_mail_id=twin.pk).select_related("request").first()
            if twin
            else None
        )
    if raw_mail.mailbox is None:
        return None
    same = held_messages_with_id([identity(mail)]).filter(
        request__contact_id=contact_id_of(mail.from_address),
        request__desk_id=raw_mail.mailbox.desk_id,
        text=mail.new_text,
    )
    for message in same.select_related("request").order_by("pk")[:10]:
        if _digests(mail) == sorted(message.files.values_list("digest", flat=True)):
            return message
    return None


def earlier_kept(raw_mail: RawMail) -> RawMail | None:
    """Return an earlier copy of this mail that waits for a person."""
    return _same_bytes(raw_mail, MailState.KEPT).first()


def _same_bytes(raw_mail: RawMail, state: MailState):  # type: ignore[no-untyped-def]
    twins = RawMail.objects.filter(digest=raw_mail.digest, mailbox_id=raw_mail.mailbox_id, state=state)
    return twins.exclude(pk=raw_mail.pk).defer("raw").order_by("pk")


def _same_content(raw_mail: RawMail, mail: ParsedMail, domain: DomainCheck) -> Message | None:
    if raw_mail.mailbox is None:
        return None
    sender = Q(contact__address=mail.from_address) | Q(agent__user__email__iexact=mail.from_address)
    same = messages_with_id([identity(mail)]).filter(
        sender, ticket__desk_id=raw_mail.mailbox.desk_id, text=mail.new_text
    )
    if domain is not DomainCheck.failed:
        # What was held as forged must not swallow the true one.
        same = same.exclude(released=False, held_because=FORGED)
    for message in same.order_by("pk")[:10]:
        if _digests(mail) == sorted(message.attachments.values_list("digest", flat=True)):
            return message
    return None


def kept_files(mail: ParsedMail) -> list[MailFile]:
    """The files of a mail that are kept on its ticket."""
    return [file for file in mail.attachments if file.size <= settings.ATTACHMENT_SIZE_LIMIT]


def _digests(mail: ParsedMail) -> list[str]:
    return sorted(hashlib.sha256(file.content).hexdigest() for file in kept_files(mail))
