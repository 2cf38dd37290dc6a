"""Set a ticket's status."""

from datetime import datetime

from django.db import transaction

from upheld.desks.policy_documents import document_of
from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import letters
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.particulars import begins_work, missing
from upheld.tickets.pen import Pen


@transaction.atomic
def set_status(ticket_id: int, agent: Agent, status: str, moment: Moment, *, reason: str = "") -> Ticket:
    """Move the ticket to `status`, which starts or stops the clocks as its policy says, and tell the customer.

    Setting the status that the ticket already has changes nothing. Raises NotAllowed, or Refused where the policy
    has no such move.
    """
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.set_status, pen.ticket)
    before = pen.standing().status
    if status != before:
        record_status(pen, agent, status, reason=reason)
    standing, news = pen.close()
    if status != before:
        letters.tell_status(pen, standing, before, status, key=f"status:{pen.ticket.last_seq}")
    carry_out(pen, standing, news, announced_status=status if status != before else None)
    return pen.ticket


def record_status(pen: Pen, agent: Agent, status: str, *, reason: str, at: datetime | None = None) -> None:
    """Record the move as a fact at `at` (this moment, when not given), where the policy allows it from the status in
    which the ticket is now."""
    before = pen.standing().status
    if status not in pen.policy.moves(before):
        known = {each.id: each.label for each in pen.policy.statuses}
        raise Refused(
            f"A ticket that is “{known[before]}” cannot become “{known.get(status, status)}”. "
            f"Possible: {', '.join(known[each] for each in pen.policy.moves(before))}."
        )
    if pen.comes_too_late("status", Actor.agent, at or pen.moment.at, to=status):
        raise Refused(
            "The time in which this ticket may be reopened is over. What comes now belongs on a new ticket."
        )
    if begins_work(pen.policy, before, status):
        _demand_particulars(pen)
    pen.fact("status", Actor.agent, at=at, agent=agent, to=status, reason=reason)


def _demand_particulars(pen: Pen) -> None:
    """Raise Refused where the policy requires to know something before work begins, and nobody has said it."""
    unknown = missing(document_of(pen.version_id), pen.particulars())
    if unknown:
        raise Refused(
            f"Before work begins the policy asks for: {', '.join(unknown)}. Fill that in under “What it is about”."
        )
