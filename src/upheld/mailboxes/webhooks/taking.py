"""A provider's mail is stored: as it came where the provider passes that on, else put together from its parts."""

from email.encoders import encode_base64
from email.message import Message
from email.policy import compat32
from typing import Any

import structlog
from anymail.inbound import AnymailInboundMessage
from anymail.signals import AnymailInboundEvent, EventType, inbound
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver

from upheld.desks.models import Mailbox
from upheld.mailboxes.accept import destination, store
from upheld.mailboxes.addressing import find_mailbox
from upheld.mailboxes.models import MailState
from upheld.mailboxes.parsing.addresses import named
from upheld.mailboxes.webhooks.providers import AS_RECEIVED

RECIPIENTS = 100

log = structlog.get_logger(__name__)


class MailTooLargeError(Exception):
    """The mail is larger than is taken."""


@receiver(inbound, dispatch_uid="upheld.mailboxes.webhooks")
def take(event: AnymailInboundEvent, esp_name: str, **_: Any) -> None:
    """Store the mail of one event; whatever raises here makes the provider try again."""
    if event.message is None or event.event_type != EventType.INBOUND:
        log.warning("mail_webhook_without_mail", provider=esp_name, event_type=event.event_type)
        return
    raw = as_bytes(event.message)
    if len(raw) > settings.MAIL_SIZE_LIMIT:
        raise MailTooLargeError
    for mailbox, address in _destinations(raw, event.message.envelope_recipient or ""):
        store(
            raw,
            way="webhook",
            mailbox=mailbox,
            envelope_from=event.message.envelope_sender or "",
            envelope_to=address,
            peer=esp_name,
        )


def keep_unread(said: bytes, provider: str, error: Exception) -> None:
    """Keep what a provider said and nobody here understood, for a person: said again, it would be no clearer."""
    with transaction.atomic():
        mail = store(said, way="webhook", mailbox=None, peer=provider)
        mail.state = MailState.KEPT
        mail.reason = (
            f"what {provider} handed over could not be read ({type(error).__name__}); it is kept as it came"
        )
        mail.save(update_fields=["state", "reason"])


def as_bytes(message: AnymailInboundMessage) -> bytes:
    """The bytes of a mail as it came, or put together again with its headers and its text as they were given."""
    if received := getattr(message, AS_RECEIVED, None):
        return bytes(received)
    _encode_files(message)
    try:
        # Python folds headers anew otherwise, and stumbles over some.
        policy = message.policy.clone(refold_source="none", linesep="\r\n", max_line_length=None)
        return message.as_bytes(policy=policy)
    except Exception:
        return Message.as_bytes(message, policy=compat32.clone(linesep="\r\n", max_line_length=None))


def _encode_files(message: AnymailInboundMessage) -> None:
    """Files that the provider gave apart from the mail are bytes, of which line ends would be made otherwise."""
    for part in message.walk():
        is_file = not part.is_multipart() and part.get_content_disposition() in ("attachment", "inline")
        if is_file and "Content-Transfer-Encoding" not in part:
            encode_base64(part)


def _destinations(raw: bytes, recipient: str) -> list[tuple[Mailbox | None, str]]:
    """One copy for each mailbox that the provider names; else where the mail's headers lead; else nowhere, and the
    mail is kept for a person."""
    found: dict[int, tuple[Mailbox | None, str]] = {}
    for address in named([recipient])[:RECIPIENTS]:
        mailbox = find_mailbox(address)
        if mailbox is not None and (mailbox.pk not in found or "+" in address):
            found[mailbox.pk] = (mailbox, address)
    return list(found.values()) or [destination(raw) or (None, recipient)]
