"""Say that two tickets belong together, or that they do not."""

from django.db import transaction
from django.db.models import Q, QuerySet

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Ticket, TicketLink
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.visibility import AgentViewer, visible_tickets


@transaction.atomic
def link_tickets(ticket_id: int, number: str, agent: Agent, moment: Moment) -> TicketLink:
    """Link the ticket with the one of this number. Raises NotAllowed, or Refused for one that the agent does not see,
    for the ticket itself, and for two that are linked already."""
    other = visible_tickets(AgentViewer.of(agent)).filter(number=number.strip().upper()).first()
    if other is None:
        raise Refused(f"There is no ticket “{number.strip()[:40]}” that you can see. Check the number.")
    if other.pk == ticket_id:
        raise Refused("That is this very ticket. Give the number of the other one.")
    first, second = pens = Pen.on_each(sorted((ticket_id, other.pk)), moment)
    mine = first if first.ticket.pk == ticket_id else second
    for pen in pens:
        demand(agent, Act.split_ticket, pen.ticket)
    if _between(mine.ticket.pk, other.pk).exists():
        raise Refused(f"This ticket and {other.number} are linked already.")
    link = TicketLink.objects.create(
        ticket=mine.ticket, other_id=other.pk, kind=TicketLink.Kind.RELATED, at=moment.at
    )
    _tell(pens, agent, "linked")
    return link


@transaction.atomic
def unlink_tickets(ticket_id: int, link_id: int, agent: Agent, moment: Moment) -> Ticket:
    """Take back that two tickets are related; returns the other. What was split off or reported together stays so.

    Raises NotAllowed, TicketLink.DoesNotExist for a link that is not of this ticket or leads to one that the agent does
    not see, or Refused.
    """
    ends = Q(ticket_id=ticket_id) | Q(other_id=ticket_id)
    link = TicketLink.objects.filter(ends).get(pk=link_id)
    other_id = link.other_id if link.ticket_id == ticket_id else link.ticket_id
    if not visible_tickets(AgentViewer.of(agent)).filter(pk=other_id).exists():
        raise TicketLink.DoesNotExist("there is no such link")
    pens = Pen.on_each(sorted((ticket_id, other_id)), moment)
    for pen in pens:
        demand(agent, Act.split_ticket, pen.ticket)
    if link.kind != TicketLink.Kind.RELATED:
        raise Refused("These tickets come from one request. That stays.")
    link.delete()
    _tell(pens, agent, "unlinked")
    return next(pen.ticket for pen in pens if pen.ticket.pk == other_id)


def _between(one: int, other: int) -> QuerySet[TicketLink]:
    return TicketLink.objects.filter(Q(ticket_id=one, other_id=other) | Q(ticket_id=other, other_id=one))


def _tell(pens: list[Pen], agent: Agent, kind: str) -> None:
    """Both stories say it, each with the number of the other; of a restricted ticket no other story says anything."""
    first, second = pens
    for pen, other in ((first, second.ticket), (second, first.ticket)):
        if not other.restricted:
            pen.fact(kind, Actor.agent, agent=agent, number=other.number)
        standing, news = pen.close()
        carry_out(pen, standing, news)
