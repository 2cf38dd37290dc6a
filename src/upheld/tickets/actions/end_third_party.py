"""End the wait for a third party: it works again, or the desk gives it up."""

from datetime import datetime

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets.actions.noting_third_party import open_wait
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.reply import reply
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Message, ThirdPartyWait
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.third_parties import said

_Outcome = ThirdPartyWait.Outcome


@transaction.atomic
def tell_it_works_again(
    ticket_id: int, wait_id: int, agent: Agent, text: str, moment: Moment, *, status: str | None = None
) -> Message:
    """End the wait, write to the customer that it works again, and set the status where one is given: all in one step.

    The message is an agent's reply and counts as one. Raises NotAllowed, or Refused.
    """
    _end(ticket_id, wait_id, agent, _Outcome.WORKS_AGAIN, moment)
    return reply(ticket_id, agent, text, moment, status=status)


@transaction.atomic
def give_up_third_party(
    ticket_id: int, wait_id: int, agent: Agent, reason: str, moment: Moment
) -> ThirdPartyWait:
    """Wait for them no more, with a reason for the story. The status stays. Raises NotAllowed, or Refused."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refused("Say why the ticket does not wait for them any more. The story keeps it.")
    return _end(ticket_id, wait_id, agent, _Outcome.GIVEN_UP, moment, reason=reason)


def _end(
    ticket_id: int, wait_id: int, agent: Agent, outcome: _Outcome, moment: Moment, *, reason: str = ""
) -> ThirdPartyWait:
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.watch_third_party, pen.ticket)
    wait = open_wait(pen.ticket, wait_id)
    close_wait(wait, outcome, agent, moment.at)
    told = dict(said(wait, outcome.value)) | ({"reason": reason} if reason else {})
    pen.fact("third_party", Actor.agent, agent=agent, **told)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return wait


def close_wait(wait: ThirdPartyWait, outcome: _Outcome, agent: Agent | None, at: datetime) -> None:
    """Store how and when a wait ended."""
    wait.outcome, wait.ended_at, wait.ended_by = outcome, at, agent
    wait.save(update_fields=["outcome", "ended_at", "ended_by"])
