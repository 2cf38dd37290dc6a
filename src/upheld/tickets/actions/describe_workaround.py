"""Say what helps until a problem is solved."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Problem
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen

LONGEST = 10_000


@transaction.atomic
def describe_workaround(problem_id: int, agent: Agent, text: str, moment: Moment) -> Problem:
    """Keep the workaround with the problem, for everybody who answers one of its tickets; an empty text takes it back.
    Nobody is written to. Raises NotAllowed, or Refused for a text that nobody would read."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Refused(f"The workaround is longer than {LONGEST} characters. Keep what helps.")
    pen = Pen.on(problem_id, moment)
    demand(agent, Act.change_problem, pen.ticket)
    problem = Problem.objects.get(pk=problem_id)
    if problem.workaround != text:
        problem.workaround = text
        problem.save(update_fields=["workaround"])
        pen.fact("workaround", Actor.agent, agent=agent, is_there=bool(text))
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return problem
