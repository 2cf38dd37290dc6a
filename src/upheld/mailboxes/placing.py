"""Where a mail belongs, and the one action that puts it there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from upheld.mailboxes import duplicates, horizon
from upheld.mailboxes.accept import NULL_SENDER
from upheld.mailboxes.addressing import is_ours, our_addresses
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.parsing import ParsedMail
from upheld.mailboxes.traces import pointers
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Contact
from upheld.rules.follow_up import Becomes, Decision, decide
from upheld.tickets.actions import open_ticket, receive_message
from upheld.tickets.incoming import Incoming, NewFile, NewRequest
from upheld.tickets.models import Message, Ticket
from upheld.tickets.moment import Moment

CHANNEL = "email"
ACKNOWLEDGEMENTS_AN_HOUR = 10
COPIES = 20

_KINDS = {
    Becomes.follow_up: Message.Kind.CUSTOMER,
    Becomes.third_party: Message.Kind.THIRD_PARTY,
    Becomes.machine: Message.Kind.MACHINE,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail."""

    state: MailState
    reason: str
    message: Message | None = None


def place(raw_mail: RawMail, mail: ParsedMail, now: datetime) -> Outcome:
    """Decide what a mail becomes, and do it. The caller's transaction holds the mail's row."""
    if raw_mail.mailbox is None:
        return Outcome(MailState.KEPT, "it came to none of our mailboxes")
    machine = _machine(raw_mail, mail)
    if not mail.from_address:
        state = MailState.IGNORED if machine else MailState.KEPT
        return Outcome(state, machine or mail.sender_doubt)
    ours = our_addresses()
    if is_ours(mail.from_address, ours):
        return Outcome(MailState.IGNORED, "it was sent from one of our own mailboxes")
    desk = raw_mail.mailbox.desk
    traces = pointers(mail, desk, raw_mail.envelope_to)
    decision = decide(traces, sender_certain=mail.sender_certain, machine=machine)
    if decision.becomes is Becomes.ignored:
        return Outcome(MailState.IGNORED, decision.because)
    moment = horizon.moment(desk.pk, now, reading=raw_mail.pk)
    copies = _copies(mail, ours)
    message = _carry_out(decision, raw_mail, mail, copies, moment)
    return Outcome(MailState.TICKETED, decision.because + _left_out(mail), message)


def _left_out(mail: ParsedMail) -> str:
    count = len(mail.attachments) - len(duplicates.kept_files(mail))
    return f"; {count} of its files are too large and in the raw mail only" if count else ""


def _machine(raw_mail: RawMail, mail: ParsedMail) -> str | None:
    if mail.machine is None and raw_mail.envelope_from == NULL_SENDER:
        return "its return path is empty"
    return mail.machine


def _carry_out(
    decision: Decision, raw_mail: RawMail, mail: ParsedMail, copies: list[str], moment: Moment
) -> Message:
    name = mail.from_name if mail.sender_certain else ""
    contact = find_or_add_contact(mail.from_address, name, moment.at)
    if decision.becomes is Becomes.new_ticket:
        return _open(raw_mail, mail, contact, copies, moment)
    assert decision.ticket_id is not None  # noqa: S101 - every other decision names a ticket
    incoming = Incoming(
        kind=_KINDS[decision.becomes],
        contact=contact,
        text=mail.new_text,
        quoted_text=mail.quoted_text,
        html=mail.body_html,
        channel=CHANNEL,
        files=_files(mail),
        message_id=mail.message_id,
        raw_mail_id=raw_mail.pk,
        received_at=raw_mail.received_at,
    )
    return receive_message(decision.ticket_id, incoming, moment)


def _open(
    raw_mail: RawMail, mail: ParsedMail, contact: Contact, copies: list[str], moment: Moment
) -> Message:
    assert raw_mail.mailbox is not None  # noqa: S101 - checked by `place`
    request = NewRequest(
        desk=raw_mail.mailbox.desk,
        contact=contact,
        subject=mail.subject or _first_words(mail.new_text),
        text=mail.new_text,
        quoted_text=mail.quoted_text,
        html=mail.body_html,
        channel=CHANNEL,
        files=_files(mail),
        cc=tuple(find_or_add_contact(address, "", moment.at) for address in copies),
        message_id=mail.message_id,
        raw_mail_id=raw_mail.pk,
        received_at=raw_mail.received_at,
        acknowledge=_may_acknowledge(mail, contact, moment.at),
    )
    message = open_ticket(request, moment).messages.first()
    assert message is not None  # noqa: S101 - a ticket begins with a message
    return message


def _first_words(text: str) -> str:
    return text.strip().partition("\n")[0][:80]


def _files(mail: ParsedMail) -> tuple[NewFile, ...]:
    return tuple(
        NewFile(file.name, file.content_type, file.content, file.content_id, file.inline)
        for file in duplicates.kept_files(mail)
    )


def _copies(mail: ParsedMail, ours: frozenset[str]) -> list[str]:
    """Those whom the sender named beside us. A sender who may be somebody else names nobody."""
    if not mail.sender_certain:
        return []
    others = dict.fromkeys([*mail.to, *mail.cc])
    return [each for each in others if each != mail.from_address and not is_ours(each, ours)][:COPIES]


def _may_acknowledge(mail: ParsedMail, contact: Contact, now: datetime) -> bool:
    """Answer only whom we believe to have written, and no address more often than a person writes: two machines
    that do not say that they are machines would answer each other for ever."""
    if not mail.sender_certain:
        return False
    hour_ago = now - timedelta(hours=1)
    # By way of the tickets, which are indexed by requester; an acknowledgement goes to nobody else.
    recent = Ticket.objects.filter(requester=contact, updated_at__gt=hour_ago).values("pk")
    sent = Notice.objects.filter(
        kind=NoticeKind.ACKNOWLEDGEMENT,
        ticket_id__in=recent,
        created_at__gt=hour_ago,
        to_address=contact.address,
    )
    return sent[:ACKNOWLEDGEMENTS_AN_HOUR].count() < ACKNOWLEDGEMENTS_AN_HOUR
