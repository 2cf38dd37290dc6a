"""Restrict a ticket, say who reads it, and open it up again."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import letters, restricting
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Reader, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def restrict_ticket(ticket_id: int, agent: Agent, reason: str, moment: Moment) -> Ticket:
    """Restrict a ticket to the desk's named readers, of whom the agent need not be one.

    Raises NotAllowed, or Refused without a reason. A ticket that is restricted stays as it is.
    """
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.restrict, pen.ticket)
    if not reason.strip():
        raise Refused("Say why, so that its readers know what they look at.")
    if not pen.ticket.restricted:
        restricting.restrict(
            pen, restricting.Because.agent, actor=Actor.agent, agent=agent, reason=reason.strip()
        )
    return _closed(pen)


@transaction.atomic
def add_reader(ticket_id: int, agent: Agent, reader: Agent, moment: Moment) -> Ticket:
    """Let another agent of the desk read a restricted ticket. Twice changes nothing.

    Raises NotAllowed unless `agent` reads it, or Refused for somebody who does not work on the desk.
    """
    pen = _restricted(ticket_id, agent, Act.name_readers, moment)
    if not reader.user.is_active or not reader.memberships.filter(desk_id=pen.ticket.desk_id).exists():
        raise Refused(f"{reader} does not work on this desk. Choose one of its agents.")
    added = restricting.add_readers(pen.ticket, [reader], by=agent.address, now=moment.at)
    if added:
        pen.circle.forget(pen.ticket)
        pen.fact("readers", Actor.agent, agent=agent, added=[reader.name], removed=[])
        if reader.pk != agent.pk:
            letters.tell_reader(pen, reader, by=agent.name)
    for part in restricting.parts_of(pen):
        if restricting.add_readers(part.ticket, [reader], by=agent.address, now=moment.at):
            part.fact("readers", Actor.agent, agent=agent, added=[reader.name], removed=[])
            part.close()
    return _closed(pen)


@transaction.atomic
def take_out_reader(ticket_id: int, agent: Agent, reader: Agent, moment: Moment) -> Ticket:
    """Let somebody read a restricted ticket no more; if it was theirs to do, it is nobody's. Twice changes nothing.

    Raises NotAllowed unless `agent` reads it, or Refused for the last one who can.
    """
    pen = _restricted(ticket_id, agent, Act.name_readers, moment)
    ticket = pen.ticket
    if Reader.objects.filter(ticket=ticket, agent=reader, removed_at=None).exists():
        if all(each.pk == reader.pk for each in pen.circle.readers(ticket)):
            raise Refused("Nobody else can read this ticket. Add another reader first.")
        _take_out(pen, agent, reader)
    for part in restricting.parts_of(pen):
        _take_out(part, agent, reader)
        part.close()
    return _closed(pen)


@transaction.atomic
def lift_restriction(ticket_id: int, agent: Agent, reason: str, moment: Moment) -> Ticket:
    """Let everybody on the desk read the ticket again. What ends it by itself counts from here.

    Raises NotAllowed unless `agent` reads it, or Refused without a reason.
    """
    pen = _restricted(ticket_id, agent, Act.restrict, moment)
    if not reason.strip():
        raise Refused("Say why everybody on the desk may read it now. The story keeps the reason.")
    for part in restricting.parts_of(pen):
        _open_up(part, agent, reason.strip())
        part.close()
    _open_up(pen, agent, reason.strip())
    return _closed(pen)


def _take_out(pen: Pen, agent: Agent, reader: Agent) -> None:
    ticket = pen.ticket
    still = Reader.objects.filter(ticket=ticket, agent=reader, removed_at=None)
    if not still.update(removed_at=pen.moment.at):
        return
    pen.circle.forget(ticket)
    pen.fact("readers", Actor.agent, agent=agent, added=[], removed=[reader.name])
    if ticket.assignee_id == reader.pk:
        ticket.assignee = None
        ticket.save(update_fields=["assignee"])
        pen.fact("assigned", Actor.agent, agent=agent, to=None)


def _open_up(pen: Pen, agent: Agent, reason: str) -> None:
    pen.ticket.restricted = False
    pen.ticket.save(update_fields=["restricted"])
    Reader.objects.filter(ticket=pen.ticket, removed_at=None).update(removed_at=pen.moment.at)
    pen.circle.forget(pen.ticket)
    pen.fact("opened_up", Actor.agent, agent=agent, reason=reason)


def _restricted(ticket_id: int, agent: Agent, act: Act, moment: Moment) -> Pen:
    pen = Pen.on(ticket_id, moment)
    demand(agent, act, pen.ticket)
    if not pen.ticket.restricted:
        raise Refused("This ticket is not restricted: everybody on the desk reads it.")
    return pen


def _closed(pen: Pen) -> Ticket:
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return pen.ticket
