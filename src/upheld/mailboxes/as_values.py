"""A mail as the values that actions take."""

from datetime import datetime

from django.conf import settings

from upheld.desks.models import Desk
from upheld.mailboxes import duplicates
from upheld.mailboxes.addressing import is_ours
from upheld.mailboxes.models import RawMail
from upheld.mailboxes.parsing import ParsedMail
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Contact
from upheld.rules.domain_check import DomainCheck, check_domain
from upheld.rules.one_line import one_line
from upheld.tickets.acknowledging import public_network_of
from upheld.tickets.incoming import ByMail, Incoming, NewFile, NewRequest
from upheld.tickets.models import Message

CHANNEL = "email"
COPIES = 20


def author(raw_mail: RawMail, mail: ParsedMail, now: datetime) -> Contact | None:
    """Return the contact of a mail's sender; one whom we may have misread, or who is forged, gives nobody a name."""
    if not mail.from_address:
        return None
    believed = mail.sender_certain and checked_domain(raw_mail, mail) is not DomainCheck.failed
    return find_or_add_contact(mail.from_address, mail.from_name if believed else "", now)


def new_request(
    raw_mail: RawMail,
    mail: ParsedMail,
    desk: Desk,
    contact: Contact,
    copies: list[Contact],
    *,
    acknowledge: bool,
    confirmed: bool,
) -> NewRequest:
    """Return the request that a mail makes."""
    return NewRequest(
        desk=desk,
        contact=contact,
        subject=mail.subject or _first_words(mail.new_text),
        text=mail.new_text,
        quoted_text=mail.quoted_text,
        html=mail.body_html,
        channel=CHANNEL,
        mailbox=raw_mail.mailbox,
        files=files(mail),
        cc=tuple(copies),
        message_id=duplicates.identity(mail),
        raw_mail_id=raw_mail.pk,
        received_at=raw_mail.received_at,
        acknowledge=acknowledge,
        asked_from=asked_from(raw_mail, mail),
        confirmed=confirmed and _is_address_of(contact, mail),
    )


def incoming(
    raw_mail: RawMail,
    mail: ParsedMail,
    kind: Message.Kind,
    contact: Contact | None,
    *,
    held_because: str = "",
    quiet: bool = False,
    copies: list[Contact] | None = None,
    confirmed: bool = False,
) -> Incoming:
    """Return the message that a mail is on a ticket."""
    return Incoming(
        kind=kind,
        contact=contact,
        text=mail.new_text,
        quoted_text=mail.quoted_text,
        html=mail.body_html,
        channel=CHANNEL,
        files=files(mail),
        message_id=duplicates.identity(mail),
        raw_mail_id=raw_mail.pk,
        received_at=raw_mail.received_at,
        held_because=held_because,
        quiet=quiet,
        copies=tuple(copies or ()),
        confirmed=confirmed and _is_address_of(contact, mail),
    )


def by_mail(raw_mail: RawMail, mail: ParsedMail, sent_at: datetime) -> ByMail:
    """Return what an agent's answer keeps of its mail."""
    return ByMail(sent_at=sent_at, message_id=duplicates.identity(mail), raw_mail_id=raw_mail.pk)


def files(mail: ParsedMail) -> tuple[NewFile, ...]:
    return tuple(
        NewFile(file.name, file.content_type, file.content, file.content_id, file.inline)
        for file in duplicates.kept_files(mail)
    )


def files_left_out(mail: ParsedMail) -> int:
    """How many files are above the limit, and stay in the raw mail only."""
    return sum(file.size > settings.ATTACHMENT_SIZE_LIMIT for file in mail.attachments)


def copied(mail: ParsedMail, ours: frozenset[str], now: datetime) -> list[Contact]:
    """Those whom the sender named beside us."""
    others = dict.fromkeys([*mail.to, *mail.cc])
    named = [each for each in others if each != mail.from_address and not is_ours(each, ours)]
    return list(dict.fromkeys(find_or_add_contact(address, "", now) for address in named[:COPIES]))


def _is_address_of(contact: Contact | None, mail: ParsedMail) -> bool:
    """Whether a mail comes from the very address to which its contact is written; that of a merged duplicate proves
    nothing about it."""
    return contact is not None and contact.address == mail.from_address


def checked_domain(raw_mail: RawMail, mail: ParsedMail) -> DomainCheck:
    """What the mail server in front of the mailbox found out about the sender's domain."""
    if raw_mail.mailbox is None:
        return DomainCheck.unknown
    return check_domain(mail.authentication, raw_mail.mailbox.checked_by, mail.from_address)


def asked_from(raw_mail: RawMail, mail: ParsedMail) -> str:
    """Where a mail came from, for counting: the network that handed it to us, or, where that was a machine of our own,
    the sender's domain. Behind a mail server that we know by name all mail comes from that one, wherever it stands."""
    behind_our_edge = raw_mail.mailbox is not None and raw_mail.mailbox.checked_by
    network = "" if behind_our_edge else public_network_of(raw_mail.peer)
    return network or one_line(mail.from_address.rpartition("@")[2], 80)


def note(raw_mail: RawMail, mail: ParsedMail) -> None:
    """Keep with the raw mail, for lists, who wrote it and about what. The caller saves it."""
    raw_mail.from_address = mail.from_address[:254]
    raw_mail.subject = one_line(mail.subject, 250)


def _first_words(text: str) -> str:
    return text.strip().partition("\n")[0][:80]
