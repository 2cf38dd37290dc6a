"""Say which tickets have a problem, and which do not have it after all."""

from collections.abc import Sequence

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import letters
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import gather
from upheld.tickets.models import Affected, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen, write_down
from upheld.tickets.problems import DONE, is_problem
from upheld.tickets.visibility import AgentViewer, visible_tickets

MOST_AT_ONCE = 200


@transaction.atomic
def join_problem(
    problem_id: int, agent: Agent, ticket_ids: Sequence[int], moment: Moment, *, skip_unfit: bool = False
) -> list[Ticket]:
    """Say that tickets have a problem; returns those that did not have it yet. Their updates come from it from here on.

    Raises NotAllowed, or Refused for one that is not on its desk, has another problem, or cannot have one; `skip_unfit`
    leaves such out instead.
    """
    if len(ticket_ids) > MOST_AT_ONCE:
        raise Refused(f"Choose at most {MOST_AT_ONCE} tickets at once.")
    seen = visible_tickets(AgentViewer.of(agent)).filter(pk__in=ticket_ids).values_list("pk", flat=True)
    pens = Pen.on_each(sorted({*seen, problem_id}), moment)
    problem = next(pen for pen in pens if pen.ticket.pk == problem_id)
    demand(agent, Act.change_problem, problem.ticket)
    _demand_open(problem.ticket)
    others = [pen for pen in pens if pen is not problem]
    already = {row.ticket_id: row for row in Affected.objects.filter(ticket_id__in=list(seen), left_at=None)}
    joined = []
    for pen in others:
        row = already.get(pen.ticket.pk)
        if row is not None and row.problem_id == problem_id:
            continue
        why_not = _why_not(pen.ticket, problem.ticket, has_another=row is not None)
        if not why_not:
            joined.append(pen)
        elif not skip_unfit:
            raise Refused(why_not)
    _record(problem, joined, agent)
    return [pen.ticket for pen in joined]


@transaction.atomic
def leave_problem(problem_id: int, ticket_id: int, agent: Agent, moment: Moment) -> Ticket:
    """Take back that a ticket has a problem: its own cadence goes on where it stopped.

    Raises NotAllowed, or Affected.DoesNotExist where it does not have it, or the agent does not see it.
    """
    seen = visible_tickets(AgentViewer.of(agent)).filter(pk=ticket_id)
    rows = Affected.objects.filter(problem_id=problem_id, ticket__in=seen, left_at=None)
    if not rows.exists():
        raise Affected.DoesNotExist("this ticket does not have the problem")
    pens = Pen.on_each(sorted((problem_id, ticket_id)), moment)
    problem = next(pen for pen in pens if pen.ticket.pk == problem_id)
    left = next(pen for pen in pens if pen.ticket.pk == ticket_id)
    demand(agent, Act.change_problem, problem.ticket)
    if rows.update(left_at=moment.at):
        left.fact("problem_left", Actor.agent, agent=agent, number=problem.ticket.number)
        if not left.ticket.restricted:
            problem.fact("unaffected", Actor.agent, agent=agent, number=left.ticket.number)
        _write(pens)
    return left.ticket


def _demand_open(problem: Ticket) -> None:
    if not is_problem(problem):
        raise Refused(f"{problem.number} is no problem. Open one, and say then which tickets have it.")
    if problem.status_category in DONE:
        raise Refused(f"{problem.number} is solved. Open it again, or open a new problem.")


def _why_not(ticket: Ticket, problem: Ticket, *, has_another: bool) -> str:
    if ticket.desk_id != problem.desk_id:
        return f"{ticket.number} is on another desk. A problem affects tickets of its own desk."
    if is_problem(ticket):
        return f"{ticket.number} is a problem itself. Give the number of a customer's ticket."
    if ticket.merged_into_id is not None:
        return f"{ticket.number} is a part of another ticket. Give the number of that one."
    if has_another:
        return f"{ticket.number} has another problem already. Take it out there first."
    return ""


def _record(problem: Pen, joined: Sequence[Pen], agent: Agent) -> None:
    """Both sides' stories say it; that a restricted ticket has a problem, only its own."""
    if not joined:
        return
    moment = problem.moment
    Affected.objects.bulk_create(
        Affected(problem_id=problem.ticket.pk, ticket=pen.ticket, joined_at=moment.at, joined_by=agent)
        for pen in joined
    )
    for pen in joined:
        pen.fact("problem_joined", Actor.agent, agent=agent, number=problem.ticket.number)
    numbers = [pen.ticket.number for pen in joined if not pen.ticket.restricted]
    if numbers:
        problem.fact("affected", Actor.agent, agent=agent, numbers=numbers)
    _write([problem, *joined])


def _write(pens: Sequence[Pen]) -> None:
    settled = [(pen, *pen.settle()) for pen in pens]
    write_down(pens)
    for pen, standing, news in settled:
        gather(pen, standing, news)
    letters.post(pens)
