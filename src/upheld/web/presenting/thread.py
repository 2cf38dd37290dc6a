"""What was said on a ticket, one message after the other, each plainly what it is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from upheld.rules.colleagues import Person, are_colleagues
from upheld.tickets.models import Attachment, Message
from upheld.tickets.problems import BROADCAST
from upheld.web.presenting.outgoing import OutgoingRow
from upheld.web.presenting.times import Times, When

NOBODY = Person("")

KINDS = {
    Message.Kind.CUSTOMER: (_("Customer"), "user"),
    Message.Kind.REPLY: (_("Reply to the customer"), "reply"),
    Message.Kind.NOTE: (_("Internal note"), "lock"),
    Message.Kind.THIRD_PARTY: (_("Third party"), "users"),
    Message.Kind.MACHINE: (_("Automatic message"), "bot"),
    Message.Kind.CALL: (_("Call"), "phone"),
}
TOLD_TO_ALL = (_("Told to all who have the problem"), "megaphone")


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
    held_because: str = ""
    may_be_forged: bool = False
    sender_may_join: bool = False
    undelivered: Sequence[OutgoingRow] = ()
    call: "CallView | None" = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class CallView:
    """Of a call: who rang, when it is said to have been, and whether it was entered too late to count then."""

    words: str
    stated: When | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Around:
    """Who is around a ticket, by contact: those who take part, and who asked; what did not arrive, by message; and the
    numbers of the tickets that are part of it, by their ids."""

    participants: Collection[int] = ()
    requester: Person = NOBODY
    undelivered: Mapping[int, Sequence[OutgoingRow]] = field(default_factory=dict)
    organizations: Mapping[int, frozenset[int]] = field(default_factory=dict)
    late_calls: Collection[datetime] = ()
    parts: Mapping[int, str] = field(default_factory=dict)


def thread(messages: Iterable[Message], times: Times, around: Around | None = None) -> list[MessageView]:
    return [_view(message, times, around or Around()) for message in messages]


def _view(message: Message, times: Times, around: Around) -> MessageView:
    words, icon = TOLD_TO_ALL if message.channel == BROADCAST else KINDS[Message.Kind(message.kind)]
    held = message.kind not in (Message.Kind.NOTE, Message.Kind.CALL) and not message.released
    takes_part = message.contact_id in around.participants
    return MessageView(
        id=message.pk,
        kind="unseen" if held else message.kind,
        kind_words=str(words),
        icon=icon,
        author=message.author,
        address=message.contact.mail_address if message.contact else "",
        at=times.when(message.at),
        text=message.text.strip(),
        quoted=message.quoted_text.strip(),
        formatted_url=reverse("formatted_message", args=[message.pk]) if message.html else "",
        files=[file_view(each) for each in message.attachments.all()],
        unseen=not message.is_public,
        can_be_released=held,
        held_because=message.held_because if held else "",
        may_be_forged=held and takes_part and message.kind == Message.Kind.THIRD_PARTY,
        sender_may_join=held and not takes_part and _is_colleague(message, around),
        undelivered=around.undelivered.get(message.pk, ()),
        call=_call(message, times, around) if message.kind == Message.Kind.CALL else None,
        part=around.parts.get(message.ticket_id, ""),
    )


def _call(message: Message, times: Times, around: Around) -> CallView:
    words = _("the customer rang") if message.direction == "in" else _("we rang")
    stated = message.stated_at
    return CallView(
        words=str(words),
        stated=times.when(stated) if stated and stated != message.at else None,
        is_late=message.at in around.late_calls,
    )


def _is_colleague(message: Message, around: Around) -> bool:
    """A machine takes part in nothing, whatever domain it writes from."""
    contact = message.contact
    if contact is None or message.kind == Message.Kind.MACHINE:
        return False
    author = Person(contact.address, around.organizations.get(contact.pk, frozenset()))
    return are_colleagues(author, around.requester)


def file_view(attachment: Attachment) -> FileView:
    return FileView(
        url=reverse("attachment", args=[attachment.pk, attachment.name]),
        name=attachment.name,
        size=filesizeformat(attachment.size),
    )
