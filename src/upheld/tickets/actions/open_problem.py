"""Open a problem: a ticket of the desk's own about one cause that many tickets share."""

from collections.abc import Sequence

from django.db import transaction

from upheld.desks.models import Desk, PolicyVersion
from upheld.desks.numbers import draw_number
from upheld.desks.policies import compiled, hold_publications, version_in_force
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Agent
from upheld.policy import Actor, Priority
from upheld.rules.callers import desk_address
from upheld.rules.one_line import one_line
from upheld.rules.permissions import Act
from upheld.tickets.actions.join_problem import join_problem
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand_on
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Message, Problem, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.problems import PROBLEM
from upheld.tickets.search_text import add_words


@transaction.atomic
def open_problem(
    desk: Desk,
    agent: Agent,
    subject: str,
    text: str,
    moment: Moment,
    *,
    priority: str = "",
    product: str = "",
    tickets: Sequence[int] = (),
) -> Ticket:
    """Give the problem a number and start its cadence: nobody asked, so no response is owed. It is its opener's until
    somebody else takes it. `text` is its first note, `tickets` are those that have it.

    Raises NotAllowed, or Refused without a subject, or for a priority that is for few people's eyes.
    """
    demand_on(agent, Act.change_problem, desk.pk)
    if not subject.strip():
        raise Refused("Say in a few words what the problem is.")
    hold_publications(desk.pk)
    version = version_in_force(desk, moment.at)
    level = _level(version, priority)
    ticket = _ticket(desk, agent, subject, level, version, moment, product)
    Problem.objects.create(ticket=ticket, opened_by=agent)
    pen = Pen(ticket, moment)
    note = _note(ticket, agent, text, moment)
    known = {"product": product} if product else {}
    pen.fact(
        "opened",
        Actor.agent,
        agent=agent,
        message=note,
        channel=PROBLEM,
        by_staff=True,
        priority=level.id,
        **known,
    )
    pen.fact("assigned", Actor.agent, agent=agent, to=agent.name)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    add_words(ticket, text, head=f"{ticket.number} {ticket.subject}")
    if tickets:
        join_problem(ticket.pk, agent, tickets, moment)
    return ticket


def _level(version: PolicyVersion, priority: str) -> Priority:
    policy = compiled(version.pk)
    level = policy.priority(priority if policy.has_priority(priority) else policy.default_priority)
    if level.restricted:
        raise Refused(
            f"“{level.label}” is for few people's eyes, and a problem is not. Choose another priority."
        )
    return level


def _ticket(
    desk: Desk,
    agent: Agent,
    subject: str,
    level: Priority,
    version: PolicyVersion,
    moment: Moment,
    product: str,
) -> Ticket:
    policy = compiled(version.pk)
    return Ticket.objects.create(
        desk=desk,
        number=draw_number(desk),
        subject=one_line(subject, 250),
        channel=PROBLEM,
        requester=find_or_add_contact(desk_address(desk.pk), desk.name, moment.at),
        assignee=agent,
        policy_version_id=version.pk,
        product=product,
        received_at=moment.at,
        updated_at=moment.at,
        status=policy.initial_status,
        status_category=policy.status(policy.initial_status).category,
        priority=level.id,
        priority_rank=level.rank,
    )


def _note(ticket: Ticket, agent: Agent, text: str, moment: Moment) -> Message | None:
    if not text.strip():
        return None
    return Message.objects.create(
        ticket=ticket, kind=Message.Kind.NOTE, at=moment.at, agent=agent, channel="web", text=text
    )
