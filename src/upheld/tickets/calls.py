"""What an agent enters for others: a call with all that it was about, and a ticket that begins with us."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from upheld.desks.models import Desk
from upheld.desks.policies import NoPolicyInForce
from upheld.people.models import Agent, Contact, Organization
from upheld.rules.permissions import Act
from upheld.tickets.actions import Refused, log_call, set_priority
from upheld.tickets.actions.log_call import check_call
from upheld.tickets.actions.rights import demand_on
from upheld.tickets.actions.tie_together import tie_together
from upheld.tickets.incoming import Call, NewFile, NewRequest
from upheld.tickets.intake import take_in
from upheld.tickets.models import HeldRequest, Ticket
from upheld.tickets.moment import Moment


@dataclass(frozen=True, slots=True)
class Problem:
    """One of the things that a call was about: a new one, or one on a ticket that there is.

    `requested` is the priority that the caller names; `priority` and `because` what the desk gives, and why.
    """

    summary: str
    subject: str = ""
    ticket: Ticket | None = None
    product: str = ""
    requested: str = ""
    priority: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A call as it is entered: with whom, by which of the desk's lines, for which organization, about what."""

    desk: Desk
    contact: Contact
    call: Call
    channel: str
    problems: Sequence[Problem]
    organization: Organization | None = None


Outcome = Ticket | HeldRequest


@transaction.atomic
def take_call(conversation: Conversation, agent: Agent, moment: Moment) -> list[Outcome]:
    """Enter a call: each problem becomes a ticket of its own, a held request, or a line on the ticket that there is;
    those that are new are linked. The clocks of a new one run from when the caller is said to have rung.

    Raises NotAllowed or Refused, and then nothing of the call is entered.
    """
    demand_on(agent, Act.log_call, conversation.desk.pk)
    if not conversation.problems:
        raise Refused("Say in a few words what the call was about.")
    outcomes = [_enter(conversation, each, agent, moment) for each in conversation.problems]
    new = [
        each
        for each, problem in zip(outcomes, conversation.problems, strict=True)
        if isinstance(each, Ticket) and problem.ticket is None
    ]
    tie_together([each.pk for each in new], moment.at)
    return outcomes


def _enter(conversation: Conversation, problem: Problem, agent: Agent, moment: Moment) -> Outcome:
    call = conversation.call
    if problem.ticket is not None:
        log_call(
            problem.ticket.pk,
            agent,
            problem.summary,
            call,
            moment,
            contact=conversation.contact,
            channel=conversation.channel,
        )
        return _classified(problem.ticket, problem, agent, moment)
    check_call(problem.summary, call, moment)
    if not problem.subject.strip():
        raise Refused("Give each new ticket a subject, so that others find it.")
    outcome = _taken_in(
        NewRequest(
            desk=conversation.desk,
            contact=conversation.contact,
            subject=problem.subject,
            text=problem.summary.strip(),
            received_at=call.stated_at,
            channel=conversation.channel,
            organization=conversation.organization,
            product=problem.product,
            priority=problem.requested or None,
            opened_by=agent,
            call=call,
        ),
        moment,
    )
    return _classified(outcome, problem, agent, moment) if isinstance(outcome, Ticket) else outcome


def _classified(ticket: Ticket, problem: Problem, agent: Agent, moment: Moment) -> Ticket:
    if not problem.priority:
        return ticket
    return set_priority(ticket.pk, agent, problem.priority, moment, reason=problem.because)


@dataclass(frozen=True, slots=True)
class Opening:
    """What an agent writes to a customer who has not asked."""

    desk: Desk
    contact: Contact
    subject: str
    text: str
    product: str = ""
    organization: Organization | None = None
    files: tuple[NewFile, ...] = ()


@transaction.atomic
def start_ticket(opening: Opening, agent: Agent, moment: Moment) -> Outcome:
    """Open a ticket with our own message and send it. No response is owed until the customer writes.

    Raises NotAllowed, or Refused for an empty subject or text.
    """
    demand_on(agent, Act.start_ticket, opening.desk.pk)
    if not opening.subject.strip():
        raise Refused("Give the ticket a subject; the customer reads it in their mail.")
    if not opening.text.strip():
        raise Refused("Write what the customer shall read.")
    request = NewRequest(
        desk=opening.desk,
        contact=opening.contact,
        subject=opening.subject,
        text=opening.text,
        received_at=moment.at,
        channel="agent",
        organization=opening.organization,
        product=opening.product,
        files=opening.files,
        opened_by=agent,
    )
    return _taken_in(request, moment)


def _taken_in(request: NewRequest, moment: Moment) -> Outcome:
    try:
        return take_in(request, moment)
    except NoPolicyInForce as problem:
        raise Refused(str(problem)) from None
