"""How a ticket comes to be for few people's eyes, and who they are: the one place for it, whatever the cause."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from upheld.people.models import Agent, NamedReader
from upheld.policy import Actor
from upheld.tickets import letters
from upheld.tickets.circle import administrators_of
from upheld.tickets.merged import taken_in
from upheld.tickets.models import Reader, Ticket
from upheld.tickets.pen import Pen
from upheld.tickets.visibility import readers_of


class Because(StrEnum):
    """Why a ticket was restricted, as its story says it."""

    priority = "priority"
    door = "door"
    belongs = "belongs"
    agent = "agent"


def restrict(
    pen: Pen,
    because: Because,
    *,
    actor: Actor = Actor.system,
    agent: Agent | None = None,
    at: datetime | None = None,
    like: Ticket | None = None,
    reason: str = "",
) -> None:
    """Restrict the pen's ticket, before anybody else sees it: call it in the transaction of the cause, as soon as the
    cause stands in the story, and close the pen afterwards. A ticket that is restricted stays as it is. What is part of
    it is restricted with it.

    Its readers are those whom the desk has named; `like` is a restricted ticket from which it came, whose readers it
    takes over instead. Where there is none, the desk's administrators are told that one must be named. An assignee who
    is no reader is assigned no more. `at` is the receipt of a ticket that is restricted from its receipt on.
    """
    ticket = pen.ticket
    if ticket.restricted:
        return
    ticket.restricted = True
    ticket.save(update_fields=["restricted"])
    readers = _first_readers(ticket, like)
    by = agent.address if agent else "policy"
    add_readers(ticket, readers, by=by, now=pen.moment.at)
    pen.circle.forget(ticket)
    pen.fact(
        "restricted",
        actor,
        at=at,
        agent=agent,
        because=because.value,
        readers=[each.name for each in readers],
        **({"reason": reason} if reason else {}),
    )
    if ticket.assignee_id and all(each.pk != ticket.assignee_id for each in readers):
        ticket.assignee = None
        ticket.save(update_fields=["assignee"])
        pen.fact("assigned", Actor.system, at=at, to=None)
    if not readers:
        tell_nobody_reads(pen, key=str(ticket.last_seq))
    for part in parts_of(pen):
        restrict(part, Because.belongs, like=ticket)
        # Whoever has to hear of it has heard of the whole.
        part.notices = []
        part.close()


def parts_of(pen: Pen) -> list[Pen]:
    """Return pens on the tickets that are part of the pen's: they have the same readers, always."""
    ids = taken_in(pen.ticket.pk)
    return Pen.on_each(ids, pen.moment) if ids else []


def add_readers(ticket: Ticket, agents: Iterable[Agent], *, by: str, now: datetime) -> list[Agent]:
    """Make agents readers of a ticket; returns those who were none."""
    added = []
    for agent in agents:
        reader, is_new = Reader.objects.get_or_create(
            ticket=ticket, agent=agent, defaults={"added_at": now, "added_by": by}
        )
        if not is_new and reader.removed_at is None:
            continue
        if not is_new:
            reader.added_at, reader.added_by, reader.removed_at = now, by, None
            reader.save(update_fields=["added_at", "added_by", "removed_at"])
        added.append(agent)
    return added


def named_readers(desk_id: int) -> list[Agent]:
    """Return who reads what is restricted on a desk from its receipt, as far as they still work there."""
    named = NamedReader.objects.filter(desk_id=desk_id).values("agent_id")
    working = Agent.objects.filter(pk__in=named, user__is_active=True, memberships__desk_id=desk_id)
    return list(working.select_related("user").order_by("pk"))


def unread(desk_id: int) -> list[Ticket]:
    """Return the restricted tickets of a desk that nobody can read, in the order of their receipt."""
    working = Agent.objects.filter(user__is_active=True, memberships__desk_id=desk_id).values("pk")
    read = Reader.objects.filter(ticket__desk_id=desk_id, removed_at=None, agent__in=working)
    restricted = Ticket.objects.filter(desk_id=desk_id, restricted=True)
    return list(restricted.exclude(pk__in=read.values("ticket_id")).order_by("pk"))


def tell_nobody_reads(pen: Pen, *, key: str) -> None:
    """Tell the desk's administrators that a restricted ticket waits for a reader: by its number, and no more."""
    for administrator in administrators_of(pen.ticket):
        letters.tell_nobody_reads(pen, administrator, key=key)


def _first_readers(ticket: Ticket, like: Ticket | None) -> list[Agent]:
    if like is not None and (readers := list(readers_of(like))):
        return readers
    return named_readers(ticket.desk_id)
