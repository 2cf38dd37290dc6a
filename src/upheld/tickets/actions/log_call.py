"""Log a call on a ticket: what was said is for the desk, that it was said counts as an answer."""

from datetime import datetime, timedelta

from django.db import transaction

from upheld.people.models import Agent, Contact
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.incoming import Call
from upheld.tickets.models import Message
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words

LONGEST_AGO = timedelta(days=31)


@transaction.atomic
def log_call(
    ticket_id: int,
    agent: Agent,
    summary: str,
    call: Call,
    moment: Moment,
    *,
    contact: Contact | None = None,
    channel: str = "phone",
) -> Message:
    """Add a call with the customer. It counts as a response of the desk when it was made, if it is entered soon enough
    for the policy, and else when it is entered. Participants do not see the summary, and nobody is mailed.

    Raises NotAllowed, or Refused for an empty summary or an instant that cannot be.
    """
    check_call(summary, call, moment)
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.log_call, pen.ticket)
    message = Message.objects.create(
        ticket=pen.ticket,
        kind=Message.Kind.CALL,
        at=moment.at,
        stated_at=call.stated_at,
        direction=call.direction,
        agent=agent,
        contact=contact or pen.ticket.requester,
        channel=channel,
        text=summary.strip(),
    )
    record_call(pen, call, agent=agent, contact=message.contact, message=message)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    add_words(pen.ticket, summary)
    return message


def check_call(summary: str, call: Call, moment: Moment) -> None:
    """Raise Refused for a call that says nothing, or that cannot have taken place then."""
    if not summary.strip():
        raise Refused("Say in a few words what the call was about.")
    if call.direction not in ("in", "out"):
        raise Refused("Say who rang: the customer, or we.")
    if call.stated_at > moment.at:
        raise Refused("The call cannot have taken place later than now. Mend its time.")
    if call.stated_at < moment.at - LONGEST_AGO:
        raise Refused("The call is more than a month old. Write an internal note about it instead.")


def record_call(
    pen: Pen,
    call: Call,
    *,
    agent: Agent | None,
    contact: Contact | None,
    message: Message,
    at: datetime | None = None,
) -> None:
    """Record the call as a fact of when it was entered (now, if not given), with the instant at which it is said to
    have taken place."""
    pen.fact(
        "call",
        Actor.agent,
        at=at,
        agent=agent,
        contact=contact,
        message=message,
        direction=call.direction,
        stated_at=call.stated_at.isoformat(),
    )
