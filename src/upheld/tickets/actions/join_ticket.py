"""Work on a ticket together: take part, ask a colleague to, leave again."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.one_line import one_line
from upheld.rules.permissions import Act
from upheld.tickets import letters, together
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen

LONGEST_REASON = 500


@transaction.atomic
def join_ticket(
    ticket_id: int, agent: Agent, who: Agent, moment: Moment, *, role: str = "", reason: str = ""
) -> Ticket:
    """Let `who` work on the ticket beside its assignee: the agent themselves, or a colleague whom they ask, in a role
    of the policy or in none. Nobody else takes it over by that, and no clock changes. Doing so again changes nothing.

    A colleague is asked with a reason. Raises NotAllowed, or Refused for somebody who does not work on the desk, or may
    not read the ticket, and for a role that the policy does not name.
    """
    pen = Pen.on(ticket_id, moment)
    ticket, reason = pen.ticket, one_line(reason, LONGEST_REASON)
    demand(agent, Act.join_ticket, ticket)
    _check(pen, agent, who, role, reason)
    if together.join(ticket, who, role=role, reason=reason, by=agent, now=moment.at) is None:
        return ticket
    pen.fact(
        "collaborator_joined",
        Actor.agent,
        agent=agent,
        name=who.name,
        role=pen.policy.roles.get(role, ""),
        asked=who.pk != agent.pk,
        reason=reason,
    )
    standing, news = pen.close()
    if who.pk != agent.pk:
        letters.tell_joined(pen, who, by=agent.name, role=role, reason=reason, standing=standing)
    carry_out(pen, standing, news)
    return ticket


@transaction.atomic
def leave_ticket(ticket_id: int, agent: Agent, who: Agent, moment: Moment) -> Ticket:
    """End the part of `who` in the work on a ticket. Raises NotAllowed."""
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.join_ticket, pen.ticket)
    if not together.leave(pen.ticket, who, moment.at):
        return pen.ticket
    pen.fact("collaborator_left", Actor.agent, agent=agent, name=who.name, own=who.pk == agent.pk)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return pen.ticket


def _check(pen: Pen, agent: Agent, who: Agent, role: str, reason: str) -> None:
    ticket = pen.ticket
    if who.pk != agent.pk and not reason:
        raise Refused(f"Say why you ask {who}: they read it before anything else.")
    if role and role not in pen.policy.roles:
        raise Refused("The policy has no such role. Choose one of the list, or none.")
    if not who.memberships.filter(desk_id=ticket.desk_id).exists():
        raise Refused(f"{who} does not work on this desk. Choose one of its agents.")
    if ticket.restricted and who not in pen.circle.readers(ticket):
        raise Refused(f"{who} may not read this ticket. Add them to its readers first.")
    if who.pk == ticket.assignee_id:
        raise Refused(f"{who} has this ticket already. Ask somebody else to join.")
