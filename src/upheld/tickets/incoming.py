"""What comes to a desk, as values: a new request, a further message, a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from upheld.desks.models import Desk, Mailbox, Portal
from upheld.people.models import Agent, Contact, Contract, Organization, Site
from upheld.policy import Event
from upheld.tickets.models import HeldRequest, Message, Ticket


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as its sender named it; name and type are claims, not facts."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call as somebody enters it: `direction` is "in" or "out", `stated_at` when it is said to have taken place."""

    direction: str
    stated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """That a held request gets its number: who admits it and why, and whether a contract was in force at its receipt,
    so that the time counts in which it was held."""

    held: HeldRequest
    agent: Agent
    reason: str
    contract_at_receipt: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """A message of another ticket that is copied, with what the story of that ticket says of it."""

    message: Message
    facts: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """A request that shall become a ticket. `received_at` is our receipt, never what a mail claims; `asked_from` is
    the place that it came from, as far as we know, by which acknowledgements are counted; `confirmed` says that its
    author was shown to read the mail of their address; `follows` is a ticket that it came too late to reopen.

    `product`, `region`, `request_type` and `reason` are ids of the policy, `information` what the customer gave of what
    it asks for. `organization`, `contract`, `plan` and `region` are filled in at the gate (`upheld.tickets.intake`)
    where nobody stated them. `was_held` says that it comes from a held request, so that its clocks begin with a pause;
    `admission` ends that, and brings along what its sender added meanwhile.

    `split_from` is the ticket that it was a part of, and `copied` are the messages that come over from there,
    the first of which is what it begins with.
    `opened_by` is the agent who enters it: their own message to a customer, or what a customer said in `call`.
    """

    desk: Desk
    contact: Contact
    subject: str
    text: str
    received_at: datetime
    channel: str
    quoted_text: str = ""
    html: str = ""
    priority: str | None = None
    mailbox: Mailbox | None = None
    portal: Portal | None = None
    organization: Organization | None = None
    site: Site | None = None
    product: str = ""
    region: str = ""
    request_type: str = ""
    reason: str = ""
    information: Mapping[str, str] = field(default_factory=dict)
    restricted: bool = False
    contract: Contract | None = None
    plan: str = ""
    was_held: bool = False
    files: tuple[NewFile, ...] = ()
    cc: tuple[Contact, ...] = ()
    message_id: str = ""
    raw_mail_id: int | None = None
    acknowledge: bool = True
    asked_from: str = ""
    opened_by: Agent | None = None
    call: Call | None = None
    confirmed: bool = False
    follows: Ticket | None = None
    split_from: Ticket | None = None
    copied: tuple[Copied, ...] = ()
    admission: Admission | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A further message to a ticket.

    `held_because` says why participants do not see it yet; `quiet` that nobody is told of it. `copies` are people whom
    the customer named in copy, and who take part from here on. `confirmed` is as for a request.
    """

    kind: Message.Kind
    contact: Contact | None
    text: str
    received_at: datetime
    channel: str
    quoted_text: str = ""
    html: str = ""
    files: tuple[NewFile, ...] = ()
    message_id: str = ""
    raw_mail_id: int | None = None
    thanks: bool = False
    held_because: str = ""
    quiet: bool = False
    copies: tuple[Contact, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ByMail:
    """The mail in which an agent answered, and when that counts. What it quotes is for agents and goes no further."""

    sent_at: datetime
    message_id: str
    raw_mail_id: int
