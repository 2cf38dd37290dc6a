"""Resolve a problem, and what becomes of the tickets that have it."""

from collections.abc import Collection

from django.db import transaction

from upheld.people.models import Agent
from upheld.tickets.actions.broadcast import broadcast
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.set_status import set_status
from upheld.tickets.models import Broadcast, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.problems import is_problem


@transaction.atomic
def solve_problem(
    problem_id: int,
    agent: Agent,
    status: str,
    moment: Moment,
    *,
    text: str = "",
    resolves: str = "",
    but: Collection[int] = (),
    after: int | None = None,
) -> Broadcast | None:
    """Give a problem a status that ends the work on it, and in the same step tell the customers of its open tickets and
    give these `resolves`. Without a `text` the tickets stay as they are, and owe updates of their own from here on.

    Raises as `broadcast` and `set_status` do, and Refused for a status in which there is still work.
    """
    ticket = Ticket.objects.select_related("desk").get(pk=problem_id)
    if not is_problem(ticket):
        raise Refused(f"{ticket.number} is no problem. Set its status on its own page.")
    sent = None
    if text.strip():
        # Before the end of the work: it is the last update that was owed.
        sent = broadcast(
            problem_id, agent, text, moment, resolves=resolves, but_done=True, but=but, after=after
        )
    set_status(problem_id, agent, status, moment)
    return sent
