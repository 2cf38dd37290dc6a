"""Name who reads what is restricted on a desk, and give them what waits for a reader."""

from django.db import transaction

from upheld.desks.models import Desk
from upheld.notices import actions as notices
from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.tickets import letters, restricting
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def name_reader(desk_id: int, agent_id: int, *, by: Agent, moment: Moment) -> list[Ticket]:
    """Name a reader as `upheld.notices.actions.name_reader` does; returns the restricted tickets that nobody could read
    until now, which they read from now on. Tickets that have readers keep those."""
    named = notices.name_reader(desk_id, agent_id, by=by, now=moment.at)
    return give_waiting(named.desk, named.agent, by=by.name, moment=moment)


@transaction.atomic
def give_waiting(desk: Desk, agent: Agent, *, by: str, moment: Moment) -> list[Ticket]:
    """Make an agent a reader of the desk's restricted tickets that nobody can read. The stories keep who did that."""
    waiting = [each.pk for each in restricting.unread(desk.pk)]
    pens = Pen.on_each(waiting, moment) if waiting else []
    for pen in pens:
        restricting.add_readers(pen.ticket, [agent], by=by, now=moment.at)
        pen.circle.forget(pen.ticket)
        pen.fact("readers", Actor.system, added=[agent.name], removed=[], by=by)
        pen.close()
        letters.tell_reader(pen, agent, by=by)
    letters.post(pens)
    return [pen.ticket for pen in pens]
