"""The question every action of an agent asks first, at the moment of the act."""

from upheld.people.models import Agent, Membership
from upheld.rules.permissions import NOT_ON_SPAM, ON_MERGED, WITH_A_CUSTOMER, Act, NotAllowed, Role, allowed
from upheld.tickets.actions.refused import Refused
from upheld.tickets.merged import goes_on_in
from upheld.tickets.models import Macro, SavedReply, Ticket
from upheld.tickets.problems import is_problem
from upheld.tickets.visibility import readers_of


def demand(agent: Agent, act: Act, ticket: Ticket) -> None:
    """Raise NotAllowed unless the agent's role on the ticket's desk, as it is now, grants `act`, and they may read the
    ticket. Raise Refused where it is part of another one, on which that belongs, a problem without a
    customer, or spam."""
    demand_on(agent, act, ticket.desk_id)
    if ticket.restricted and not readers_of(ticket).filter(pk=agent.pk).exists():
        raise NotAllowed(f"You may not {act.value} on this desk. Ask its administrator for the right.")
    if act not in ON_MERGED:
        refuse_merged(ticket)
    if ticket.is_spam and act in NOT_ON_SPAM:
        raise Refused(f"{ticket.number} is marked as spam. Say that it is none first.")
    if act in WITH_A_CUSTOMER and is_problem(ticket):
        raise Refused(
            f"{ticket.number} is a problem and has no customer of its own. Do this on one of its tickets, or tell all "
            "of their customers at once."
        )


def refuse_merged(ticket: Ticket) -> None:
    """Raise Refused for a ticket that is part of another. Whoever reads one of them reads both."""
    if ticket.merged_into_id is not None:
        end = Ticket.objects.only("number").get(pk=goes_on_in(ticket.pk))
        raise Refused(f"{ticket.number} is a part of {end.number} now. Go on there.")


def demand_on(agent: Agent, act: Act, desk_id: int) -> None:
    """Raise NotAllowed unless the agent's role on a desk, as it is now, grants `act`."""
    membership = Membership.objects.filter(agent=agent, desk_id=desk_id, agent__user__is_active=True).first()
    role = Role(membership.role) if membership else Role.visitor
    if not allowed(role, act):
        raise NotAllowed(f"You may not {act.value} on this desk. Ask its administrator for the right.")


def demand_to_keep(agent: Agent, desk_id: int, *, shared: bool) -> None:
    """Raise NotAllowed unless the agent may keep something on a desk: for themselves, or `shared` with everybody."""
    demand_on(agent, Act.share_workspace if shared else Act.write_note, desk_id)


def demand_own(agent: Agent, kept: SavedReply | Macro) -> None:
    """Raise NotAllowed for what is the desk's without the right to share, and Refused for what is somebody else's."""
    demand_to_keep(agent, kept.desk_id, shared=kept.agent_id is None)
    if kept.agent_id not in (None, agent.pk):
        raise Refused("That one is somebody else's.")
