"""The question every action of an agent asks first, at the moment of the act."""

from upheld.people.models import Agent, Membership
from upheld.rules.permissions import Act, NotAllowed, Role, allowed
from upheld.tickets.models import Ticket
from upheld.tickets.visibility import readers_of


def demand(agent: Agent, act: Act, ticket: Ticket) -> None:
    """Raise NotAllowed unless the agent's role on the ticket's desk, as it is now, grants `act`, and they may read the
    ticket."""
    demand_on(agent, act, ticket.desk_id)
    if ticket.restricted and not readers_of(ticket).filter(pk=agent.pk).exists():
        raise NotAllowed(f"You may not {act.value} on this desk. Ask its administrator for the right.")


def demand_on(agent: Agent, act: Act, desk_id: int) -> None:
    """Raise NotAllowed unless the agent's role on a desk, as it is now, grants `act`."""
    membership = Membership.objects.filter(agent=agent, desk_id=desk_id, agent__user__is_active=True).first()
    role = Role(membership.role) if membership else Role.visitor
    if not allowed(role, act):
        raise NotAllowed(f"You may not {act.value} on this desk. Ask its administrator for the right.")
