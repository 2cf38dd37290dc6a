"""The conversation as its customer reads it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from upheld.tickets.keys import without_tokens
from upheld.tickets.models import Attachment, Message
from upheld.web.presenting.desk_words import formatted
from upheld.web.presenting.times import Times, When


@dataclass(frozen=True, slots=True)
class File:
    name: str
    size: str
    url: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One message. `kind` is "mine", "desk", "other" (who takes part too) or "third" (somebody outside, or a machine).
    Only what the desk itself wrote has `html`. `part` is the number of the merged request on which it was written."""

    id: int
    kind: str
    who: str
    role: str
    at: When
    text: str
    html: SafeString | None
    quoted: str
    files: Sequence[File]
    part: str = ""


def turns(
    messages: Sequence[Message],
    contact_id: int,
    times: Times,
    file_url: Callable[[Attachment], str],
    parts: Mapping[int, str],
) -> list[Turn]:
    """The conversation; `parts` are the numbers of the requests that are part of this one, by their ids."""
    found = [_turn(message, contact_id, times, file_url) for message in messages]
    return [
        replace(turn, part=parts.get(message.ticket_id, ""))
        for turn, message in zip(found, messages, strict=True)
    ]


def _turn(message: Message, contact_id: int, times: Times, file_url: Callable[[Attachment], str]) -> Turn:
    kind = _kind(message, contact_id)
    by_desk = kind == "desk"
    # Whoever takes part only now must not read the past through a link that another one's mail quotes.
    shown = str if kind == "mine" else without_tokens
    return Turn(
        id=message.pk,
        kind=kind,
        who=_who(message, kind),
        role=_role(kind),
        at=times.when(message.at),
        text="" if by_desk else shown(message.text),
        html=formatted(message.text) if by_desk else None,
        quoted=shown(message.quoted_text),
        files=[
            File(each.name, filesizeformat(each.size), file_url(each)) for each in message.attachments.all()
        ],
    )


def _kind(message: Message, contact_id: int) -> str:
    if message.kind == Message.Kind.REPLY:
        return "desk"
    if message.kind == Message.Kind.CUSTOMER:
        return "mine" if message.contact_id == contact_id else "other"
    return "third"


def _who(message: Message, kind: str) -> str:
    """A name, never an address: not everybody who takes part knows the others' addresses."""
    if kind == "mine":
        return _("You")
    if kind == "desk":
        return message.agent.name if message.agent else _("The desk")
    if message.contact and message.contact.name:
        return message.contact.name
    return _("Somebody who takes part") if kind == "other" else _("Somebody outside the desk")


def _role(kind: str) -> str:
    return {"desk": _("Our team"), "third": _("Third party")}.get(kind, "")
