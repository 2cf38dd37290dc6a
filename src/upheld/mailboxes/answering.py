"""An agent answers a ticket by mail: as if they had written on its page, at the receipt of the mail."""

from datetime import datetime, timedelta

from django.conf import settings

from upheld.mailboxes import as_values
from upheld.mailboxes.models import RawMail
from upheld.mailboxes.parsing import ParsedMail
from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import Refused, reply
from upheld.tickets.keys import agent_token
from upheld.tickets.models import Message, Ticket
from upheld.tickets.moment import Moment

# An agent's program that answers our notices, and a customer's that answers it, would go on for ever.
MOST_ANSWERS = 10
WITHIN = timedelta(hours=1)


class NotAnAnswer(Exception):  # noqa: N818 - it reads as the sentence it is
    """The mail cannot be sent to the customer as it is; the message says why."""


def answer(
    raw_mail: RawMail,
    mail: ParsedMail,
    ticket_id: int,
    agent_id: int,
    moment: Moment,
    *,
    sent_at: datetime | None = None,
) -> Message:
    """Send what the agent wrote, without what they quoted; raises NotAnAnswer.

    Whether they may is asked now, not when the address was given to them. It counts at the receipt of the mail, or
    `sent_at`, where a person sends it on later.
    """
    agent = Agent.objects.select_related("user").get(pk=agent_id)
    ticket = Ticket.objects.only("id", "number").get(pk=ticket_id)
    _check(mail, ticket, agent)
    if sent_at is None:
        _refuse_too_many(ticket, agent, raw_mail.received_at)
    try:
        return reply(
            ticket_id,
            agent,
            mail.new_text,
            moment,
            files=as_values.files(mail),
            by_mail=as_values.by_mail(raw_mail, mail, sent_at or raw_mail.received_at),
        )
    except NotAllowed as problem:
        raise NotAnAnswer("its agent has no right to answer this ticket now") from problem
    except Refused as problem:
        raise NotAnAnswer(str(problem)) from problem


def _refuse_too_many(ticket: Ticket, agent: Agent, received_at: datetime) -> None:
    earlier = Message.objects.filter(
        ticket=ticket, kind=Message.Kind.REPLY, agent=agent, channel="email", at__gt=received_at - WITHIN
    )
    if earlier[:MOST_ANSWERS].count() >= MOST_ANSWERS:
        raise NotAnAnswer(f"there were {MOST_ANSWERS} of them on this ticket within an hour")


def _check(mail: ParsedMail, ticket: Ticket, agent: Agent) -> None:
    """A customer must not be sent what was for agents, nor less than the agent meant to send."""
    if not mail.new_text.strip():
        raise NotAnAnswer("it says nothing above the mail that it quotes")
    if any(line.lstrip().startswith(">") for line in mail.new_text.splitlines()):
        raise NotAnAnswer("it quotes our mail between its lines, and that mail was for agents only")
    ours = (f"{settings.UPHELD_URL}/tickets/{ticket.number}", agent_token(agent.pk, ticket.pk))
    # Where nothing was recognised as quoted, our mail may stand in the answer with its links hidden in markup.
    answer = mail.new_text if mail.quoted_text else f"{mail.new_text} {mail.body_html}"
    if any(text.lower() in answer.lower() for text in ours):
        raise NotAnAnswer("it cannot be told where the answer ends and our own mail, quoted, begins")
    if as_values.files_left_out(mail):
        raise NotAnAnswer(f"a file is larger than {settings.ATTACHMENT_SIZE_LIMIT // 1024 // 1024} MB")
