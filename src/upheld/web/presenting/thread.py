"""What was said on a ticket, one message after the other, each plainly what it is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from upheld.rules.colleagues import Person, are_colleagues
from upheld.tickets.models import Message
from upheld.tickets.problems import BROADCAST
from upheld.web.mail_html import remote_hosts
from upheld.web.presenting.desk_words import LONGEST, formatted
from upheld.web.presenting.file_rows import FileView, file_view
from upheld.web.presenting.formatting import LOOKED_AT, formatting_matters, frame_height
from upheld.web.presenting.outgoing import OutgoingRow
from upheld.web.presenting.plain_words import Plain, plain
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


ASIDE = (_("Side conversation"), "messages-square")
QUOTED, SIGNATURE = _("Quoted text"), _("Signature")


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
    # With whom a side conversation is, and which.
    aside: str = ""
    side_id: int | None = None
    # What an agent wrote, as the customer gets it; None for everybody else's words.
    html: SafeString | None = None
    as_sent: "AsSent | None" = None
    is_new: bool = False
    begins_new: bool = False
    # How many earlier messages are folded before this one.
    folded_before: int = 0

    @property
    def words(self) -> Plain:
        return plain(self.text)

    @property
    def quoted_words(self) -> Plain:
        return plain(self.quoted)

    @property
    def quoted_is(self) -> str:
        """What is folded below: what was quoted, or a signature alone."""
        lines = self.quoted.split("\n")
        is_signature = lines[0].strip() in ("--", "—") and not any(each.startswith(">") for each in lines)
        return str(SIGNATURE if is_signature else QUOTED)


@dataclass(frozen=True, slots=True)
class AsSent:
    """A mail as its sender formatted it: whether it is best read so, about how high it is, and from where the pictures
    come that are not shown."""

    is_best: bool
    height: int
    hosts: Sequence[str]

    @property
    def first_host(self) -> str:
        return self.hosts[0] if self.hosts else ""

    @property
    def more_hosts(self) -> int:
        return len(self.hosts) - 1


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
    # The names of those whom a note may mention.
    colleagues: Collection[str] = ()
    # Who reads, and when they last did: what others said since is new. Before a first look nothing is.
    reader: int | None = None
    looked_at: datetime | None = None
    folded: int = 0


def thread(messages: Iterable[Message], times: Times, around: Around | None = None) -> list[MessageView]:
    """Return the messages as they are read; the folded ones are behind the first."""
    around = around or Around()
    views = [_view(message, times, around) for message in messages]
    if around.folded and len(views) > 1:
        views[1] = replace(views[1], folded_before=around.folded)
    first = next((place for place, each in enumerate(views) if each.is_new), None)
    if first:
        views[first] = replace(views[first], begins_new=True)
    return views


def _view(message: Message, times: Times, around: Around) -> MessageView:
    words, icon = _kind(message)
    aside = _aside(message)
    private = message.kind in (Message.Kind.NOTE, Message.Kind.CALL) or bool(aside)
    held = not private and not message.released
    takes_part = message.contact_id in around.participants
    return MessageView(
        id=message.pk,
        kind="side" if aside else "unseen" if held else message.kind,
        kind_words=str(words),
        icon=icon,
        author=message.author,
        address=message.contact.mail_address if message.contact else "",
        at=times.when(message.at),
        text=message.text.strip(),
        quoted=message.quoted_text.strip(),
        formatted_url=reverse("formatted_message", args=[message.pk]) if _begins(message) else "",
        files=[file_view(each) for each in message.attachments.all()],
        unseen=not message.is_public,
        can_be_released=held,
        held_because=message.held_because if held else "",
        may_be_forged=held and takes_part and message.kind == Message.Kind.THIRD_PARTY,
        sender_may_join=held and not takes_part and _is_colleague(message, around),
        undelivered=around.undelivered.get(message.pk, ()),
        call=_call(message, times, around) if message.kind == Message.Kind.CALL else None,
        part=around.parts.get(message.ticket_id, ""),
        aside=aside,
        side_id=message.side_id,
        html=_by_the_desk(message, around),
        as_sent=_as_sent(message),
        is_new=_is_new(message, around),
    )


def _kind(message: Message) -> tuple[object, str]:
    if message.side_id is not None:
        return ASIDE
    return TOLD_TO_ALL if message.channel == BROADCAST else KINDS[Message.Kind(message.kind)]


def _aside(message: Message) -> str:
    """With whom a side conversation is."""
    if message.side is None:
        return ""
    return message.side.name or message.side.address


def _by_the_desk(message: Message, around: Around) -> SafeString | None:
    by_agent = message.agent_id is not None and message.kind in (Message.Kind.REPLY, Message.Kind.NOTE)
    if not by_agent or len(message.text) > LONGEST:
        return None
    return formatted(message.text.strip(), around.colleagues if message.kind == Message.Kind.NOTE else ())


def _begins(message: Message) -> str:
    """How its HTML begins; a page reads no more of it than that."""
    begins = getattr(message, "html_begins", None)
    return message.html[:LOOKED_AT] if begins is None else str(begins)


def _as_sent(message: Message) -> AsSent | None:
    html = _begins(message)
    if not html:
        return None
    return AsSent(formatting_matters(html), frame_height(html), remote_hosts(html))


def _is_new(message: Message, around: Around) -> bool:
    by_reader = message.agent_id is not None and message.agent_id == around.reader
    return around.looked_at is not None and message.at > around.looked_at and not by_reader


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
