"""Put a ticket off, for oneself; and take it back."""

from datetime import datetime

from django.db import transaction

from upheld.desks.telling import tell_agents
from upheld.people.models import Agent
from upheld.rules.permissions import Act
from upheld.rules.put_off import LONGEST
from upheld.tickets import alerting
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.models import Snooze, Ticket
from upheld.tickets.snoozing import Because, end_those_over

_AT_ONCE = 200


@transaction.atomic
def snooze(ticket_id: int, agent: Agent, until: datetime, now: datetime) -> Snooze:
    """Leave the ticket out of the agent's own lists until `until`, or until something happens that they must not miss.
    Its clocks run on. To put it off again moves the time. Raises NotAllowed, or Refused for a time that is none."""
    ticket = Ticket.objects.get(pk=ticket_id)
    demand(agent, Act.read_ticket, ticket)
    if until <= now:
        raise Refused("That time is over. Choose one to come.")
    if until - now > LONGEST:
        raise Refused("That is too far away: a ticket is put off for a year at most.")
    row, _new = Snooze.objects.update_or_create(
        agent=agent, ticket=ticket, ended_at=None, defaults={"until": until, "set_at": now}
    )
    tell_agents([agent.pk])
    return row


@transaction.atomic
def end_snooze(ticket_id: int, agent: Agent, now: datetime) -> bool:
    """Take a ticket back into the agent's lists now; return whether they had put it off."""
    mine = Snooze.objects.filter(ticket_id=ticket_id, agent=agent, ended_at=None)
    ended = mine.update(ended_at=now, ended_because=Because.woken) > 0
    tell_agents([agent.pk])
    return ended


@transaction.atomic
def end_snoozes(now: datetime) -> int:
    """Bring back what is put off no longer, a batch of it, and tell its agents; return of how many they are told."""
    alerts = end_those_over(now, _AT_ONCE)
    alerting.keep(alerts, [])
    return len(alerts)
