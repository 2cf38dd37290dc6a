"""What comes to a desk, as values: a new request, a further message, a file."""

from dataclasses import dataclass
from datetime import datetime

from upheld.desks.models import Desk
from upheld.people.models import Agent, Contact
from upheld.tickets.models import Message


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as its sender named it; name and type are claims, not facts."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """A request that shall become a ticket. `received_at` is our receipt, never what a mail claims."""

    desk: Desk
    contact: Contact
    subject: str
    text: str
    received_at: datetime
    channel: str
    quoted_text: str = ""
    html: str = ""
    priority: str | None = None
    files: tuple[NewFile, ...] = ()
    cc: tuple[Contact, ...] = ()
    message_id: str = ""
    raw_mail_id: int | None = None
    acknowledge: bool = True
    opened_by: Agent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A further message to a ticket."""

    kind: Message.Kind
    contact: Contact
    text: str
    received_at: datetime
    channel: str
    quoted_text: str = ""
    html: str = ""
    files: tuple[NewFile, ...] = ()
    message_id: str = ""
    raw_mail_id: int | None = None
    thanks: bool = False
