"""What was said on a ticket, one message after the other, each plainly what it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from upheld.tickets.models import Attachment, Message
from upheld.web.presenting.times import Times, When

KINDS = {
    Message.Kind.CUSTOMER: (_("Customer"), "user"),
    Message.Kind.REPLY: (_("Reply to the customer"), "reply"),
    Message.Kind.NOTE: (_("Internal note"), "lock"),
    Message.Kind.THIRD_PARTY: (_("Third party"), "users"),
    Message.Kind.MACHINE: (_("Automatic message"), "bot"),
}


@dataclass(frozen=True, slots=True)
class FileView:
    url: str
    name: str
    size: str


@dataclass(frozen=True, slots=True)
class MessageView:
    id: int
    kind: str
    kind_words: str
    icon: str
    author: str
    address: str
    at: When
    text: str
    quoted: str
    formatted_url: str
    files: Sequence[FileView]
    unseen: bool
    can_be_released: bool


def thread(messages: Iterable[Message], times: Times) -> list[MessageView]:
    return [_view(message, times) for message in messages]


def _view(message: Message, times: Times) -> MessageView:
    words, icon = KINDS[Message.Kind(message.kind)]
    held = message.kind != Message.Kind.NOTE and not message.released
    return MessageView(
        id=message.pk,
        kind="unseen" if held else message.kind,
        kind_words=str(words),
        icon=icon,
        author=message.author,
        address=message.contact.address if message.contact else "",
        at=times.when(message.at),
        text=message.text.strip(),
        quoted=message.quoted_text.strip(),
        formatted_url=reverse("formatted_message", args=[message.pk]) if message.html else "",
        files=[file_view(each) for each in message.attachments.all()],
        unseen=not message.is_public,
        can_be_released=held,
    )


def file_view(attachment: Attachment) -> FileView:
    return FileView(
        url=reverse("attachment", args=[attachment.pk, attachment.name]),
        name=attachment.name,
        size=filesizeformat(attachment.size),
    )
