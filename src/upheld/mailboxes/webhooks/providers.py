"""Which view of django-anymail reads the requests of which provider.

Providers whose requests hold no mail, only an address to fetch it from, are not among them. Where the provider gives
the mail as bytes, these are kept beside what was made of them: not every mail is text.
"""

import json
from base64 import b64decode
from importlib import import_module
from typing import Any

from anymail.inbound import AnymailInboundMessage
from anymail.signals import AnymailInboundEvent, EventType
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postal import PostalInboundWebhookView
from anymail.webhooks.sparkpost import SparkPostInboundWebhookView
from django.http import HttpRequest

AS_RECEIVED = "upheld_as_received"
# The fields of a form in which a provider passes a whole mail on.
RAW_FIELDS = frozenset({"body-mime"})
LARGEST_HEAD = 64 * 1024


class Mailgun(MailgunInboundWebhookView):
    """Mailgun, whose form may hold the mail as it came."""

    def esp_to_anymail_event(self, request: HttpRequest) -> AnymailInboundEvent:
        """Take the mail as it came, without making anything of it."""
        raw = getattr(request, AS_RECEIVED, None)
        if raw is None:
            return super().esp_to_anymail_event(request)
        message = AnymailInboundMessage()
        message.envelope_sender = request.POST.get("sender")
        message.envelope_recipient = request.POST.get("recipient")
        setattr(message, AS_RECEIVED, raw)
        return AnymailInboundEvent(event_type=EventType.INBOUND, esp_event=request, message=message)


class SparkPost(SparkPostInboundWebhookView):
    """SparkPost, which passes on in base64 what is no text."""

    def esp_to_anymail_event(
        self, event_class: str, event: dict[str, Any], raw_event: dict[str, Any]
    ) -> AnymailInboundEvent:
        """Take the mail as it came; only its head is read besides."""
        content = event.get("content", {})
        if event_class != "relay_message" or not content.get("email_rfc822_is_base64"):
            return super().esp_to_anymail_event(event_class, event, raw_event)
        raw = b64decode(content["email_rfc822"])
        text = {"email_rfc822": _head(raw), "email_rfc822_is_base64": False}
        read = super().esp_to_anymail_event(event_class, event | {"content": content | text}, raw_event)
        setattr(read.message, AS_RECEIVED, raw)
        return read


class Postal(PostalInboundWebhookView):
    """Postal, which passes on in base64 what is no text."""

    def parse_events(self, request: HttpRequest) -> list[AnymailInboundEvent]:
        """Take the mail as it came; only its head is read besides."""
        told = json.loads(request.body)
        if told.get("base64") is not True:
            return list(super().parse_events(request))
        raw = b64decode(told["message"])
        request._body = json.dumps(told | {"message": _head(raw), "base64": False}).encode()  # type: ignore[attr-defined]
        events = list(super().parse_events(request))
        for event in events:
            setattr(event.message, AS_RECEIVED, raw)
        return events


def _head(raw: bytes) -> str:
    """The headers of a mail as text; what is no text in them is of no use to those who read them."""
    return raw.partition(b"\r\n\r\n")[0][:LARGEST_HEAD].decode("ascii", "replace") + "\r\n\r\n"


_OUR_VIEWS: dict[str, type[AnymailBaseWebhookView]] = {
    "mailgun": Mailgun,
    "postal": Postal,
    "sparkpost": SparkPost,
}
_VIEWS = {
    "mailersend": "MailerSendInboundWebhookView",
    "mailjet": "MailjetInboundWebhookView",
    "mandrill": "MandrillCombinedWebhookView",
    "postmark": "PostmarkInboundWebhookView",
}


def view_of(provider: str) -> type[AnymailBaseWebhookView]:
    """Return the view that checks and reads a provider's requests."""
    if provider in _OUR_VIEWS:
        return _OUR_VIEWS[provider]
    view: type[AnymailBaseWebhookView] = getattr(
        import_module(f"anymail.webhooks.{provider}"), _VIEWS[provider]
    )
    return view
