"""Close what the desk does not do, and say where to turn instead."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import letters
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.actions.set_status import record_status
from upheld.tickets.effects import carry_out
from upheld.tickets.information import document_for
from upheld.tickets.models import Message
from upheld.tickets.moment import Moment
from upheld.tickets.pen import JUST_AFTER, Pen
from upheld.tickets.search_text import add_words


@transaction.atomic
def close_out_of_scope(ticket_id: int, agent: Agent, scope: str, text: str, moment: Moment) -> Message:
    """Close the ticket as one of the things that the policy says the desk does not do, and tell the customer in `text`
    what to do instead.

    Clocks that still run leave the figures without credit or blame where the policy excludes such tickets: the reply
    comes after the close, and is no first response. Raises NotAllowed, or Refused.
    """
    if not text.strip():
        raise Refused("Tell the customer where to turn instead.")
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.reply, pen.ticket)
    demand(agent, Act.set_status, pen.ticket)
    part = next((each for each in document_for(pen.ticket).scope if each.id == scope), None)
    if part is None:
        raise Refused("The policy that governs this ticket has no such entry. Choose one of those listed.")
    status = _closing(pen)
    record_status(pen, agent, status, reason=part.exclusion or part.label)
    message = Message.objects.create(
        ticket=pen.ticket, kind=Message.Kind.REPLY, at=moment.at, agent=agent, channel="web", text=text
    )
    pen.fact(
        "message",
        Actor.agent,
        # At one instant an answer would be counted first.
        at=moment.at + JUST_AFTER,
        agent=agent,
        message=message,
        direction="out",
        public=True,
        automatic=False,
        channel="web",
    )
    standing, news = pen.close()
    letters.send_reply(pen, message, status=pen.policy.status(status))
    carry_out(pen, standing, news, announced_status=status)
    add_words(pen.ticket, text)
    return message


def _closing(pen: Pen) -> str:
    """The status that ends the ticket now, one in which it is closed before one in which it is only solved."""
    before = pen.standing().status
    done = [each for each in map(pen.policy.status, pen.policy.moves(before)) if each.is_done]
    if pen.policy.status(before).is_done:
        raise Refused("This ticket is closed already. Write a reply instead.")
    if not done:
        raise Refused(
            "The policy has no way to close a ticket from this status. Choose another status first."
        )
    return next((each.id for each in done if each.category == "closed"), done[0].id)
