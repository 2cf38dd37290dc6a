"""Write to somebody else about a ticket: its customer never learns of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import letters
from upheld.tickets.actions.noting_third_party import ThirdParty
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.actions.watch_third_party import watch_third_party
from upheld.tickets.asides import with_quotes
from upheld.tickets.effects import carry_out
from upheld.tickets.files import keep_files
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Message, SideConversation
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words
from upheld.tickets.third_parties import wait_of

NAME, SUBJECT = 200, 180
MOST_OPEN = 20
# A mail with more is refused by many servers, and a third party has no page on which files could wait.
MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Aside:
    """To whom an agent writes, and about what."""

    address: str
    subject: str
    name: str = ""

    def checked(self) -> "Aside":
        """The same without blanks around; raises Refused for what cannot be sent."""
        address, subject = self.address.strip(), " ".join(self.subject.split())
        try:
            validate_email(address)
        except ValidationError:
            raise Refused(
                "Write the mail address of one person or company, as in service@example.com."
            ) from None
        if not subject:
            raise Refused("Give it a subject: it is what they read first.")
        if len(subject) > SUBJECT or len(self.name) > NAME or len(address) > 254:
            raise Refused(f"That is too long. A subject has up to {SUBJECT} letters, a name {NAME}.")
        return Aside(address, subject, " ".join(self.name.split()))


@transaction.atomic
def open_aside(
    ticket_id: int,
    agent: Agent,
    to: Aside,
    text: str,
    moment: Moment,
    *,
    quoted: Collection[int] = (),
    files: Sequence[NewFile] = (),
    waits: bool = False,
    status: str | None = None,
) -> SideConversation:
    """Begin a side conversation with a mail, in which the chosen messages of the ticket are quoted. With `waits` the
    ticket waits for them from here on, in `status` where one is given.

    Raises NotAllowed, or Refused for what cannot be sent.
    """
    to = to.checked()
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.write_aside, pen.ticket)
    if SideConversation.objects.filter(ticket=pen.ticket, closed_at=None).count() >= MOST_OPEN:
        raise Refused(f"There are {MOST_OPEN} side conversations on this ticket already. Close one first.")
    side = SideConversation.objects.create(
        ticket=pen.ticket,
        subject=to.subject,
        name=to.name,
        address=to.address,
        opened_by=agent,
        opened_at=moment.at,
    )
    _send(pen, side, agent, text, quoted, files, what="opened")
    if waits and wait_of(pen.ticket) is None:
        watch_third_party(ticket_id, agent, ThirdParty(name=to.name or to.address), moment, status=status)
    return side


@transaction.atomic
def write_in_aside(
    side_id: int,
    agent: Agent,
    text: str,
    moment: Moment,
    *,
    quoted: Collection[int] = (),
    files: Sequence[NewFile] = (),
) -> Message:
    """Write further in a side conversation; one that was closed is open again. Raises NotAllowed, or Refused."""
    pen, side = _on(side_id, agent, moment)
    _open_again(side)
    return _send(pen, side, agent, text, quoted, files, what="wrote")


@transaction.atomic
def close_aside(side_id: int, agent: Agent, moment: Moment) -> SideConversation:
    """Close a side conversation. An answer opens it again. Twice changes nothing. Raises NotAllowed, or Refused."""
    pen, side = _on(side_id, agent, moment)
    if side.closed_at is None:
        side.closed_at = moment.at
        side.save(update_fields=["closed_at"])
        _tell(pen, agent, side, "closed")
    return side


@transaction.atomic
def reopen_aside(side_id: int, agent: Agent, moment: Moment) -> SideConversation:
    """Open a side conversation again. Twice changes nothing. Raises NotAllowed, or Refused."""
    pen, side = _on(side_id, agent, moment)
    if side.closed_at is not None:
        _open_again(side)
        _tell(pen, agent, side, "reopened")
    return side


def _on(side_id: int, agent: Agent, moment: Moment) -> tuple[Pen, SideConversation]:
    ticket_id = SideConversation.objects.values_list("ticket_id", flat=True).get(pk=side_id)
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.write_aside, pen.ticket)
    return pen, SideConversation.objects.get(pk=side_id)


def _send(
    pen: Pen,
    side: SideConversation,
    agent: Agent,
    text: str,
    quoted: Collection[int],
    files: Sequence[NewFile],
    *,
    what: str,
) -> Message:
    if not text.strip():
        raise Refused("The message is empty. Write something first.")
    refuse_large(sum(len(each.content) for each in files))
    # For agents alone, whatever else looks at it: what is a note is shown to no participant anywhere.
    message = Message.objects.create(
        ticket=pen.ticket,
        kind=Message.Kind.NOTE,
        at=pen.moment.at,
        agent=agent,
        channel="email",
        text=with_quotes(pen.ticket, text, quoted),
        side=side,
    )
    keep_files(message, files)
    letters.send_aside(pen, side, message)
    _tell(pen, agent, side, what, message)
    add_words(pen.ticket, f"{side.name} {side.address} {side.subject} {text}")
    return message


def refuse_large(size: int) -> None:
    """Raise Refused for files of so many bytes together that no mail carries them."""
    if size > MOST_BYTES:
        raise Refused(
            "The files are larger than a mail can carry: 10 MB together. Send a link to them instead."
        )


def _open_again(side: SideConversation) -> None:
    if side.closed_at is not None:
        side.closed_at = None
        side.save(update_fields=["closed_at"])


def _tell(pen: Pen, agent: Agent, side: SideConversation, what: str, message: Message | None = None) -> None:
    said: dict[str, Any] = {"what": what, "with": side.name or side.address, "subject": side.subject}
    pen.fact("side", Actor.agent, agent=agent, message=message, **said)
    standing, news = pen.close()
    carry_out(pen, standing, news)
