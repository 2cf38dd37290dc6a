"""Answer the customer."""

from collections.abc import Sequence

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import letters
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.actions.set_status import record_status
from upheld.tickets.effects import carry_out
from upheld.tickets.files import keep_files
from upheld.tickets.incoming import ByMail, NewFile
from upheld.tickets.models import Message
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words


@transaction.atomic
def reply(
    ticket_id: int,
    agent: Agent,
    text: str,
    moment: Moment,
    *,
    files: Sequence[NewFile] = (),
    status: str | None = None,
    by_mail: ByMail | None = None,
) -> Message:
    """Send a public reply to everybody who takes part, and set the status in the same step where one is given.

    The reply counts at `moment`: that is the press of Send; one that came `by_mail` counts at its receipt. Raises
    NotAllowed, or Refused for an empty text or a status that cannot follow.
    """
    if not text.strip():
        raise Refused("The reply is empty. Write something, or set the status alone.")
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.reply, pen.ticket)
    sent_at, channel = (by_mail.sent_at, "email") if by_mail else (moment.at, "web")
    message = Message.objects.create(
        ticket=pen.ticket,
        kind=Message.Kind.REPLY,
        at=sent_at,
        agent=agent,
        channel=channel,
        text=text,
        message_id=by_mail.message_id if by_mail else "",
        raw_mail_id=by_mail.raw_mail_id if by_mail else None,
    )
    keep_files(message, files)
    before = pen.standing().status
    pen.fact(
        "message",
        Actor.agent,
        at=sent_at,
        agent=agent,
        message=message,
        direction="out",
        public=True,
        automatic=False,
        channel=channel,
    )
    after = status if status and status != before else None
    if after:
        demand(agent, Act.set_status, pen.ticket)
        record_status(pen, agent, after, reason="")
    standing, news = pen.close()
    told = pen.policy.status(after) if after else None
    letters.send_reply(pen, message, status=told, standing=standing)
    carry_out(pen, standing, news)
    add_words(pen.ticket, text)
    return message
