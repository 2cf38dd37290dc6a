"""Tell an agent that their answer by mail was not sent."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.tickets import letters
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic(savepoint=False)
def tell_answer_kept(ticket_id: int, agent_id: int, raw_mail_id: int, reason: str, moment: Moment) -> None:
    """Tell the agent, if they still work on the ticket's desk, why their mail is waiting for a person."""
    pen = Pen.on(ticket_id, moment)
    agents = Agent.objects.filter(
        pk=agent_id, user__is_active=True, memberships__desk_id=pen.ticket.desk_id
    ).select_related("user")
    for agent in agents:
        letters.tell_answer_kept(pen, agent, reason, raw_mail_id)
    letters.post([pen])
