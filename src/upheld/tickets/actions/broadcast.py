"""Tell the customers of all tickets of a problem something at once, each in their own thread."""

from collections.abc import Collection

from django.db import connection, transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Broadcast, BroadcastCopy, Message, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.problems import BROADCAST, BROADCAST_LOCK, DONE, affected, is_problem
from upheld.tickets.search_text import add_words
from upheld.tickets.visibility import AgentViewer


@transaction.atomic
def broadcast(
    problem_id: int,
    agent: Agent,
    text: str,
    moment: Moment,
    *,
    resolves: str = "",
    but_done: bool = False,
    but: Collection[int] = (),
    after: int | None = None,
) -> Broadcast:
    """Store what all are told, and a copy for each ticket that the agent may see; the worker writes the copies. It
    counts at `moment`, for each ticket and for the problem: that is the press of Send. `resolves` is the status that
    they get with it; `but_done` and `but` leave out tickets that are done, and those of these ids. `after` is the
    broadcast before it, as its author saw it (0 for none), so that pressing Send twice sends once.

    Raises NotAllowed, or Refused for an empty text, and where it would reach nobody or not count as an update.
    """
    if not text.strip():
        raise Refused("The message is empty. Write what all of them shall read.")
    _hold_clocks()
    rows = _lock(problem_id, agent)
    pen = Pen.on(problem_id, moment)
    demand(agent, Act.broadcast, pen.ticket)
    _demand_fit(pen, resolves)
    if after is not None and Broadcast.objects.filter(problem_id=problem_id, pk__gt=after).exists():
        raise Refused(
            "All of them were told something meanwhile. Look at the problem before you send this, too."
        )
    sent = Broadcast.objects.create(
        problem_id=problem_id, agent=agent, at=moment.at, text=text, resolves=resolves
    )
    copies = [_copy(sent, ticket, but_done=but_done, but=but) for ticket in rows]
    if all(each.left_out for each in copies):
        raise Refused(
            "This would reach nobody. Say first which tickets have the problem, or leave out fewer."
        )
    BroadcastCopy.objects.bulk_create(copies, batch_size=2_000)
    _record(pen, agent, sent)
    with connection.cursor() as cursor:
        cursor.execute("notify upheld_broadcast")
    return sent


def _hold_clocks() -> None:
    """Let whoever settles clocks wait until it is known which tickets this reaches, as they wait for mail."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s)", [BROADCAST_LOCK])


def _lock(problem_id: int, agent: Agent) -> list[Ticket]:
    """Take the locks of all tickets in the order in which everybody takes them; return those that have the problem."""
    ids = list(affected(AgentViewer.of(agent), problem_id).order_by().values_list("ticket_id", flat=True))
    locked = Ticket.objects.filter(pk__in=[problem_id, *ids]).order_by("pk")
    locked = locked.select_for_update(no_key=True).only("pk", "status_category", "merged_into_id")
    return [each for each in locked if each.pk != problem_id]


def _demand_fit(pen: Pen, resolves: str) -> None:
    if not is_problem(pen.ticket):
        raise Refused(f"{pen.ticket.number} is no problem: nobody shares it. Reply to its customer.")
    if pen.ticket.assignee_id is None and pen.policy.responses.only_when_assigned:
        raise Refused(
            "Nobody is assigned to the problem, and the policy counts an update only where somebody is. "
            "Assign it first."
        )
    if resolves and not (pen.policy.has_status(resolves) and pen.policy.status(resolves).is_done):
        raise Refused("Choose a status that ends the work on a ticket, or leave the tickets as they are.")


def _copy(sent: Broadcast, ticket: Ticket, *, but_done: bool, but: Collection[int]) -> BroadcastCopy:
    left_out = ""
    if ticket.merged_into_id is not None:
        left_out = "merged"
    elif ticket.pk in but:
        left_out = "chosen"
    elif but_done and ticket.status_category in DONE:
        left_out = "done"
    return BroadcastCopy(
        broadcast=sent, ticket=ticket, left_out=left_out, done_at=sent.at if left_out else None
    )


def _record(pen: Pen, agent: Agent, sent: Broadcast) -> None:
    """It is an update of the problem, too, and stands in its thread."""
    message = Message.objects.create(
        ticket=pen.ticket,
        kind=Message.Kind.REPLY,
        at=sent.at,
        agent=agent,
        channel=BROADCAST,
        text=sent.text,
    )
    pen.fact(
        "message",
        Actor.agent,
        agent=agent,
        message=message,
        direction="out",
        public=True,
        automatic=False,
        channel=BROADCAST,
    )
    standing, news = pen.close()
    carry_out(pen, standing, news)
    add_words(pen.ticket, sent.text)
