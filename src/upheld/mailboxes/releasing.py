"""What a person does with mail that waits for one: release it, have it read again, put it aside.

Nothing is lost by any of these: the bytes stay, and so does the audit of who decided what. A mail that is released
counts at its receipt, like every mail; what the policy recorded meanwhile stays as it is.
"""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record as audit
from upheld.desks.models import Desk, Mailbox
from upheld.mailboxes import answering, as_values, duplicates, placing
from upheld.mailboxes.addressing import our_addresses
from upheld.mailboxes.ingest import COLUMNS, record
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.parsing import ParsedMail
from upheld.mailboxes.pool import ParserPool, Unreadable
from upheld.mailboxes.traces import plus_parts
from upheld.mailboxes.visibility import is_for_few, may, visible_mail
from upheld.people.models import Agent
from upheld.rules.domain_check import DomainCheck
from upheld.rules.one_line import one_line
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets import acknowledging
from upheld.tickets.actions import Refused, receive_message
from upheld.tickets.actions.rights import demand_on
from upheld.tickets.intake import take_in
from upheld.tickets.keys import agent_answering
from upheld.tickets.models import HeldRequest, Message, Participant, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import AgentViewer, readers_of

_SETTLED = ("settled_by", "settled_at")
_RELEASABLE = (MailState.KEPT, MailState.PARKED, MailState.IGNORED, MailState.DISCARDED, MailState.SPAM)


def release_as_ticket(
    raw_mail_id: int,
    agent: Agent,
    moment: Moment,
    pool: ParserPool | None = None,
    *,
    mailbox: Mailbox | None = None,
) -> Message | HeldRequest:
    """Take the mail in as a request, whatever kept it: the agent vouches for it. Returns the first message of its
    ticket, or the request that is held at intake, since who may have a number is another question.

    `pool` reads the mail again; without one a reader is started for it. `mailbox` says where a mail belongs that came
    to none of ours. A mail that is on a ticket or held already stays there, and that is returned. Raises NotAllowed, or
    Refused for a mail that cannot be read or names no sender.
    """
    mail = _read(raw_mail_id, pool)
    with transaction.atomic():
        raw_mail = _take(raw_mail_id)
        desk = _demand_release(agent, raw_mail, mailbox)
        if (already := raw_mail.message or raw_mail.held_request) is not None:
            return already
        _refuse_unless_releasable(raw_mail)
        taken = _earlier(raw_mail, mail) or _open(raw_mail, mail, desk, moment)
        return _settled(raw_mail, mail, taken, agent, moment)


def release_onto(
    raw_mail_id: int, ticket_id: int, agent: Agent, moment: Moment, pool: ParserPool | None = None
) -> Message | HeldRequest:
    """Put the mail on a ticket of its desk, whatever kept it: the agent vouches for it.

    A participant's mail counts as the customer's message at its receipt, or where it comes too late as a new request; a
    kept answer of an agent is sent as theirs now, anything else is held on the ticket for its agents. A mail that is on
    a ticket or held at intake already stays there, and that is returned. Raises NotAllowed, or Refused.
    """
    mail = _read(raw_mail_id, pool)
    with transaction.atomic():
        ticket = Ticket.objects.select_related("desk").filter(pk=ticket_id).first()
        if ticket is None:
            raise Refused("There is no such ticket.")
        raw_mail = _take(raw_mail_id)
        mailbox = ticket.desk.mailboxes.order_by("-is_default", "id").first()
        desk = _demand_release(agent, raw_mail, mailbox)
        if ticket.restricted and not readers_of(ticket).filter(pk=agent.pk).exists():
            raise Refused("There is no such ticket.")
        if (already := raw_mail.message or raw_mail.held_request) is not None:
            return already
        _refuse_unless_releasable(raw_mail)
        if ticket.desk_id != desk.pk:
            raise Refused(f"{ticket.number} belongs to another desk than the mail.")
        taken = _earlier(raw_mail, mail) or _put_on(raw_mail, mail, ticket, moment)
        return _settled(raw_mail, mail, taken, agent, moment)


@transaction.atomic
def retry(raw_mail_id: int, by: Agent | str, now: datetime) -> RawMail:
    """Have the mail read once more, at once, as if nothing had been decided yet.

    `by` is an agent, who needs the right to, or the name of whoever works at the command line. While it waits it holds
    up no clock, and if it fails again it is parked again at once. Raises NotAllowed, or Refused for a mail that is on a
    ticket or held at intake.
    """
    raw_mail = _take(raw_mail_id)
    _demand(by, Act.retry_mail, raw_mail)
    if raw_mail.state == MailState.TICKETED:
        raise Refused("This mail is on a ticket already; there is nothing to read again.")
    if raw_mail.state == MailState.HELD:
        raise Refused("This mail is held at intake. Decide about it on the page Held.")
    if raw_mail.state == MailState.WAITING:
        return raw_mail
    raw_mail.state, raw_mail.reason, raw_mail.attempts, raw_mail.next_try_at = MailState.WAITING, "", 0, now
    _settle(raw_mail, by, now)
    raw_mail.save(update_fields=["state", "reason", "attempts", "next_try_at", *_SETTLED])
    _audit(raw_mail, by, "mail read again", now)
    return raw_mail


@transaction.atomic
def discard(raw_mail_id: int, by: Agent | str, reason: str, now: datetime) -> RawMail:
    """Put the mail aside: its bytes stay, and it waits for nobody any more. Discarding twice changes nothing.

    Raises NotAllowed, or Refused for a mail that is on a ticket, held at intake, or still waits to be read.
    """
    raw_mail = _take(raw_mail_id)
    _demand(by, Act.discard_mail, raw_mail)
    if raw_mail.state == MailState.TICKETED:
        raise Refused("This mail is on a ticket. It stays there.")
    if raw_mail.state == MailState.HELD:
        raise Refused("This mail is held at intake. Decide about it on the page Held.")
    if raw_mail.state == MailState.WAITING:
        raise Refused("This mail has not been read yet. Wait a moment, and look again.")
    if raw_mail.state == MailState.DISCARDED:
        return raw_mail
    said = one_line(reason, 300)
    raw_mail.state, raw_mail.reason = MailState.DISCARDED, said or "put aside"
    _settle(raw_mail, by, now)
    raw_mail.save(update_fields=["state", "reason", *_SETTLED])
    _audit(raw_mail, by, "mail discarded", now, reason=said)
    return raw_mail


def _read(raw_mail_id: int, pool: ParserPool | None) -> ParsedMail:
    raw = RawMail.objects.values_list("raw", flat=True).get(pk=raw_mail_id)
    if pool is None:
        with ParserPool(1) as own:
            mail = own.parse(bytes(raw))
    else:
        mail = pool.parse(bytes(raw))
    if isinstance(mail, Unreadable):
        raise Refused(f"The mail still cannot be read: {mail.reason}. Its bytes can be downloaded.")
    return mail


def _take(raw_mail_id: int) -> RawMail:
    """Lock the mail, so that two people or a worker do not decide about it at once."""
    RawMail.objects.select_for_update().values_list("pk").get(pk=raw_mail_id)
    # Read only when the lock is ours: what is joined to a locked row may be older than the row.
    around = ("mailbox__desk", "message", "ticket", "held_request__ticket")
    return RawMail.objects.select_related(*around).defer("raw").get(pk=raw_mail_id)


def _demand(by: Agent | str, act: Act, raw_mail: RawMail) -> None:
    """Raise NotAllowed unless `by` may do this; what came to none of our mailboxes is for administrators."""
    if isinstance(by, str):
        return
    if is_for_few(raw_mail) and not visible_mail(AgentViewer.of(by)).filter(pk=raw_mail.pk).exists():
        raise NotAllowed(f"You may not {act.value}. Ask an administrator.")
    if raw_mail.mailbox is not None:
        demand_on(by, act, raw_mail.mailbox.desk_id)
    elif not (by.user.is_active and may(AgentViewer.of(by), act, None)):
        raise NotAllowed(f"You may not {act.value} that came to none of our mailboxes. Ask an administrator.")


def _demand_release(agent: Agent, raw_mail: RawMail, mailbox: Mailbox | None) -> Desk:
    """Return the desk of the mail; one that came to none of our mailboxes belongs to `mailbox` from here on."""
    _demand(agent, Act.release_mail, raw_mail)
    if raw_mail.mailbox is None:
        if mailbox is None:
            raise Refused("This mail came to none of our mailboxes. Say to which one it belongs.")
        demand_on(agent, Act.release_mail, mailbox.desk_id)
        raw_mail.mailbox = mailbox
        raw_mail.save(update_fields=["mailbox"])
    return raw_mail.mailbox.desk


def _refuse_unless_releasable(raw_mail: RawMail) -> None:
    if raw_mail.state not in _RELEASABLE:
        raise Refused("This mail has not been read yet. Wait a moment, and look again.")


def _earlier(raw_mail: RawMail, mail: ParsedMail) -> Message | HeldRequest | None:
    """What another copy of the mail became meanwhile."""
    duplicates.wait_for_the_same(raw_mail, mail)
    message = duplicates.earlier_message(raw_mail, mail, DomainCheck.passed)
    if message is not None:
        return message
    held = duplicates.earlier_held(raw_mail, mail)
    return held.request if held else None


def _open(raw_mail: RawMail, mail: ParsedMail, desk: Desk, moment: Moment) -> Message | HeldRequest:
    contact = as_values.author(raw_mail, mail, moment.at)
    if contact is None:
        raise Refused("The mail names no sender, so nobody could be answered. Put it on a ticket instead.")
    place = as_values.asked_from(raw_mail, mail)
    answers = placing.machine_reason(raw_mail, mail) is None and not acknowledging.objection(
        contact.address, place, desk.pk, moment.at
    )
    copies = as_values.copied(mail, our_addresses(), moment.at) if mail.sender_certain else []
    request = as_values.new_request(
        raw_mail, mail, desk, contact, copies, acknowledge=answers, confirmed=False
    )
    taken_in = take_in(request, moment)
    if isinstance(taken_in, HeldRequest):
        return taken_in
    message = taken_in.messages.first()
    assert message is not None  # noqa: S101 - a ticket begins with a message
    return message


def _put_on(raw_mail: RawMail, mail: ParsedMail, ticket: Ticket, moment: Moment) -> Message | HeldRequest:
    machine = placing.machine_reason(raw_mail, mail)
    author_id = _answering_agent(raw_mail, mail, ticket)
    if author_id is not None and machine is None:
        try:
            return answering.answer(raw_mail, mail, ticket.pk, author_id, moment, sent_at=moment.at)
        except answering.NotAnAnswer as problem:
            raise Refused(
                f"It cannot be sent as the agent's answer: {problem}. Answer on the ticket's page instead."
            ) from problem
    contact = as_values.author(raw_mail, mail, moment.at)
    joined = Participant.objects.filter(ticket=ticket, contact=contact, removed_at=None)
    kind, because = Message.Kind.THIRD_PARTY, raw_mail.reason
    if machine is not None:
        kind, because = Message.Kind.MACHINE, machine
    elif contact is not None and joined.exists():
        kind, because = Message.Kind.CUSTOMER, ""
    incoming = as_values.incoming(raw_mail, mail, kind, contact, held_because=because)
    return receive_message(ticket.pk, incoming, moment)


def _answering_agent(raw_mail: RawMail, mail: ParsedMail, ticket: Ticket) -> int | None:
    """The agent whose address for answering this very ticket the mail came to, and who is its sender."""
    for part in plus_parts(mail, raw_mail.envelope_to):
        named = agent_answering(part)
        if named is not None and named.ticket_id == ticket.pk:
            theirs = Agent.objects.filter(pk=named.agent_id, user__email__iexact=mail.from_address)
            if theirs.exists():
                return named.agent_id
    return None


def _settled(
    raw_mail: RawMail, mail: ParsedMail, taken: Message | HeldRequest, agent: Agent, moment: Moment
) -> Message | HeldRequest:
    reason = f"released by {agent.name}{placing.left_out(mail)}"
    if isinstance(taken, HeldRequest):
        outcome = placing.held(taken, f"; {reason}")
        became = {"held_request": str(taken.pk)}
    else:
        outcome = placing.Outcome(MailState.TICKETED, reason, taken)
        became = {"ticket": taken.ticket.number}
    record(raw_mail, mail, outcome)
    _settle(raw_mail, agent, moment.at)
    raw_mail.save(update_fields=[*COLUMNS, *_SETTLED])
    _audit(raw_mail, agent, "mail released", moment.at, **became)
    return taken


def _settle(raw_mail: RawMail, by: Agent | str, now: datetime) -> None:
    raw_mail.settled_by, raw_mail.settled_at = _name(by)[:254], now


def _audit(raw_mail: RawMail, by: Agent | str, action: str, now: datetime, **data: str) -> None:
    desk = raw_mail.mailbox.desk if raw_mail.mailbox else None
    audit(at=now, actor=_name(by), action=action, subject=f"mail {raw_mail.pk}", desk=desk, **data)


def _name(by: Agent | str) -> str:
    return by.address if isinstance(by, Agent) else by
