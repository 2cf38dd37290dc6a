"""Where a mail belongs, and the one action that puts it there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from upheld.mailboxes import answering, as_values, bounces, duplicates, horizon
from upheld.mailboxes.accept import NULL_SENDER
from upheld.mailboxes.addressing import is_ours, our_addresses
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.parsing import ParsedMail
from upheld.mailboxes.sender_rules import rule_for
from upheld.mailboxes.traces import held_request_of, pointers, side_of
from upheld.people.models import Contact
from upheld.rules.domain_check import DomainCheck
from upheld.rules.follow_up import FORGED, Becomes, Decision, decide
from upheld.tickets import acknowledging
from upheld.tickets.actions import add_to_held, receive_aside, receive_message, tell_answer_kept
from upheld.tickets.intake import take_in
from upheld.tickets.models import HeldRequest, Message, SideConversation
from upheld.tickets.moment import Moment

# Nobody writes so many mails so quickly by hand; two machines that say nothing of themselves do.
MAILS_OF_A_PERSON = 20
AT_ONCE = timedelta(minutes=10)
TOO_QUICK = f"more than {MAILS_OF_A_PERSON} mails of one address within ten minutes"

_KINDS = {
    Becomes.follow_up: Message.Kind.CUSTOMER,
    Becomes.held: Message.Kind.THIRD_PARTY,
    Becomes.machine: Message.Kind.MACHINE,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail. A kept one may point at a ticket all the same, one held at intake at its request."""

    state: MailState
    reason: str
    message: Message | None = None
    ticket_id: int | None = None
    held_request: HeldRequest | None = None


def place(raw_mail: RawMail, mail: ParsedMail, now: datetime) -> Outcome:
    """Decide what a mail becomes, and do it. The caller's transaction holds the mail's row."""
    domain = as_values.checked_domain(raw_mail, mail)
    duplicates.wait_for_the_same(raw_mail, mail)
    if (earlier := duplicates.earlier_message(raw_mail, mail, domain)) is not None:
        return Outcome(MailState.TICKETED, f"duplicate of mail {earlier.raw_mail_id}", earlier)
    if (twin := duplicates.earlier_held(raw_mail, mail)) is not None:
        return Outcome(MailState.HELD, f"duplicate of mail {twin.raw_mail_id}", held_request=twin.request)
    outcome = _place(raw_mail, mail, domain, now)
    if outcome.state == MailState.KEPT and (twin := duplicates.earlier_kept(raw_mail)) is not None:
        return Outcome(MailState.IGNORED, f"duplicate of mail {twin.pk}, which is kept")
    return outcome


def _place(raw_mail: RawMail, mail: ParsedMail, domain: DomainCheck, now: datetime) -> Outcome:
    if raw_mail.mailbox is None:
        return Outcome(MailState.KEPT, "it came to none of our mailboxes")
    desk = raw_mail.mailbox.desk
    machine = machine_reason(raw_mail, mail)
    ours = our_addresses()
    bounced = bounces.returned(raw_mail, mail, desk.pk) if machine else None
    if bounced is None:
        if not mail.from_address:
            state = MailState.IGNORED if machine else MailState.KEPT
            return Outcome(state, machine or mail.sender_doubt)
        if is_ours(mail.from_address, ours):
            return Outcome(MailState.IGNORED, "it was sent from one of our own mailboxes")
        if (rule := rule_for(desk, mail.from_address)) is not None:
            return Outcome(MailState.SPAM, f"all mail from {rule.sender} is spam on this desk")
    if (side := side_of(raw_mail, mail, desk.pk)) is not None and not (bounced and bounced.is_report):
        return _aside(
            raw_mail, mail, side, machine, domain, horizon.moment(desk.pk, now, reading=raw_mail.pk)
        )
    decision = decide(
        pointers(mail, desk, raw_mail.envelope_to, bounced.notice.ticket_id if bounced else None),
        sender_certain=mail.sender_certain,
        domain=domain,
        machine=machine,
        bounce_of=bounced.notice.pk if bounced and bounced.is_report else None,
        held_request=None if machine else held_request_of(mail, desk),
    )
    if decision.becomes is Becomes.ignored:
        return Outcome(MailState.IGNORED, decision.because)
    moment = horizon.moment(desk.pk, now, reading=raw_mail.pk)
    match decision.becomes:
        case Becomes.bounce:
            assert bounced is not None  # noqa: S101 - decided by it
            message = bounces.take_in(raw_mail, mail, bounced.notice, moment)
            state = MailState.TICKETED if message else MailState.IGNORED
            return Outcome(state, f"a mail of ours came back: {decision.because}", message)
        case Becomes.answer:
            return _answer(raw_mail, mail, decision, moment)
        case Becomes.kept:
            return _keep(raw_mail, decision, decision.because, moment)
        case Becomes.joins:
            return _join(raw_mail, mail, decision, moment, confirmed=domain is DomainCheck.passed)
        case Becomes.new_ticket:
            believed = mail.sender_certain and domain is not DomainCheck.failed
            copies = as_values.copied(mail, ours, moment.at) if believed else []
            confirmed = believed and domain is DomainCheck.passed
            return _open(raw_mail, mail, decision, copies, moment, believed=believed, confirmed=confirmed)
        case _:
            copies = _joining(mail, domain, decision, ours, moment)
            confirmed = decision.confirms or (
                decision.becomes is Becomes.follow_up and domain is DomainCheck.passed
            )
            return _receive(raw_mail, mail, decision, copies, moment, confirmed=confirmed)


def _aside(
    raw_mail: RawMail,
    mail: ParsedMail,
    side: SideConversation,
    machine: str | None,
    domain: DomainCheck,
    moment: Moment,
) -> Outcome:
    """An answer in a side conversation is for agents alone, whoever wrote it."""
    kind = Message.Kind.MACHINE if machine else Message.Kind.THIRD_PARTY
    doubt = machine or (FORGED if domain is DomainCheck.failed else "")
    contact = as_values.author(raw_mail, mail, moment.at)
    incoming = as_values.incoming(raw_mail, mail, kind, contact, held_because=doubt)
    message = receive_aside(side.pk, incoming, moment)
    return Outcome(MailState.TICKETED, f"it answers in a side conversation{left_out(mail)}", message)


def machine_reason(raw_mail: RawMail, mail: ParsedMail) -> str | None:
    """Why a mail counts as automatic, or None. What a mailing list sends on is, unless the mailbox is itself one."""
    if mail.machine is not None:
        return mail.machine
    if raw_mail.envelope_from == NULL_SENDER:
        return "its return path is empty"
    if mail.from_list is not None and not (raw_mail.mailbox and raw_mail.mailbox.is_list):
        return mail.from_list
    return None


def left_out(mail: ParsedMail) -> str:
    """What to add to a reason where files were too large."""
    count = as_values.files_left_out(mail)
    return f"; {count} of its files are too large and in the raw mail only" if count else ""


def _answer(raw_mail: RawMail, mail: ParsedMail, decision: Decision, moment: Moment) -> Outcome:
    assert decision.ticket_id is not None and decision.agent_id is not None  # noqa: S101 - an answer has both
    try:
        message = answering.answer(raw_mail, mail, decision.ticket_id, decision.agent_id, moment)
    except answering.NotAnAnswer as problem:
        return _keep(raw_mail, decision, f"an agent's answer by mail, but {problem}", moment)
    return Outcome(MailState.TICKETED, decision.because, message)


def _keep(raw_mail: RawMail, decision: Decision, reason: str, moment: Moment) -> Outcome:
    told = decision.agent_id is None or duplicates.earlier_kept(raw_mail) is not None
    if decision.ticket_id is not None and decision.agent_id is not None and not told:
        tell_answer_kept(decision.ticket_id, decision.agent_id, raw_mail.pk, reason, moment)
    return Outcome(MailState.KEPT, reason, ticket_id=decision.ticket_id)


def _open(
    raw_mail: RawMail,
    mail: ParsedMail,
    decision: Decision,
    copies: list[Contact],
    moment: Moment,
    *,
    believed: bool,
    confirmed: bool,
) -> Outcome:
    assert raw_mail.mailbox is not None  # noqa: S101 - checked by `_place`
    desk, contact = raw_mail.mailbox.desk, as_values.author(raw_mail, mail, moment.at)
    assert contact is not None  # noqa: S101 - checked by `_place`
    objection: str | None = "we do not know who wrote it"
    if believed:
        place = as_values.asked_from(raw_mail, mail)
        objection = acknowledging.objection(contact.address, place, desk.pk, moment.at)
    request = as_values.new_request(
        raw_mail, mail, desk, contact, copies, acknowledge=objection is None, confirmed=confirmed
    )
    taken_in = take_in(request, moment)
    unanswered = f"; not acknowledged: {objection}" if objection else ""
    if isinstance(taken_in, HeldRequest):
        return held(taken_in, f"{unanswered}{left_out(mail)}")
    because = f"{decision.because}{unanswered}{left_out(mail)}"
    return Outcome(MailState.TICKETED, because, taken_in.messages.first())


def held(request: HeldRequest, more: str = "") -> Outcome:
    """What became of a mail whose request gets no number yet."""
    return Outcome(MailState.HELD, f"held at intake: {request.because}{more}", held_request=request)


def _join(
    raw_mail: RawMail, mail: ParsedMail, decision: Decision, moment: Moment, *, confirmed: bool
) -> Outcome:
    """Add to a held request; where it got its number this very moment, to its ticket."""
    assert decision.held_request_id is not None  # noqa: S101 - decided by it
    contact = as_values.author(raw_mail, mail, moment.at)
    incoming = as_values.incoming(raw_mail, mail, Message.Kind.CUSTOMER, contact, confirmed=confirmed)
    message = add_to_held(decision.held_request_id, incoming, moment)
    if message is not None:
        return Outcome(MailState.HELD, decision.because + left_out(mail), held_request=message.request)
    request = HeldRequest.objects.get(pk=decision.held_request_id)
    assert request.ticket_id is not None  # noqa: S101 - it is what an admitted one became
    return _received(receive_message(request.ticket_id, incoming, moment), decision.because, mail)


def _received(taken: Message | HeldRequest, because: str, mail: ParsedMail) -> Outcome:
    if isinstance(taken, HeldRequest):
        return held(taken, f"; {because}; too late to reopen the ticket{left_out(mail)}")
    return Outcome(MailState.TICKETED, because + left_out(mail), taken)


def _receive(
    raw_mail: RawMail,
    mail: ParsedMail,
    decision: Decision,
    copies: list[Contact],
    moment: Moment,
    *,
    confirmed: bool,
) -> Outcome:
    assert decision.ticket_id is not None  # noqa: S101 - every decision that comes here names a ticket
    contact = as_values.author(raw_mail, mail, moment.at)
    kind, because, quiet = _KINDS[decision.becomes], decision.because, False
    if kind != Message.Kind.MACHINE and _too_quick(raw_mail, decision.ticket_id, contact):
        kind, because, quiet = Message.Kind.THIRD_PARTY, TOO_QUICK, True
    counts = kind == Message.Kind.CUSTOMER
    incoming = as_values.incoming(
        raw_mail,
        mail,
        kind,
        contact,
        held_because="" if counts else because,
        quiet=quiet,
        copies=copies if counts else [],
        confirmed=confirmed,
    )
    taken = receive_message(decision.ticket_id, incoming, moment)
    if isinstance(taken, Message) and taken.ticket_id != decision.ticket_id:
        because = f"{because}; too late to reopen it, so a new ticket follows it"
    return _received(taken, because, mail)


def _joining(
    mail: ParsedMail, domain: DomainCheck, decision: Decision, ours: frozenset[str], moment: Moment
) -> list[Contact]:
    """Those who take part from here on, because a participant put them in copy: only where our own mail server found
    that it was them, since otherwise whoever writes in their name could listen from then on."""
    if decision.becomes is not Becomes.follow_up or domain is not DomainCheck.passed or not mail.cc:
        return []
    return as_values.copied(mail, ours, moment.at)


def _too_quick(raw_mail: RawMail, ticket_id: int, contact: Contact | None) -> bool:
    before = Message.objects.filter(
        ticket_id=ticket_id, contact=contact, at__gt=raw_mail.received_at - AT_ONCE
    )
    return before[:MAILS_OF_A_PERSON].count() >= MAILS_OF_A_PERSON
