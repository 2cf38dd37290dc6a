"""What follows from the policy's consequences: notices to agents and to the customer, each under a key of its own."""

from collections.abc import Iterable

from upheld.people.models import Agent
from upheld.policy import Consequence, Standing
from upheld.tickets import letters, restricting
from upheld.tickets.pen import Pen


def carry_out(
    pen: Pen, standing: Standing, news: Iterable[Consequence], *, announced_status: str | None = None
) -> None:
    """Write the notices that follow from new consequences, and post them with those of the action itself.

    `announced_status` is a status that the action itself tells the customer, so that nobody is told twice.
    """
    gather(pen, standing, news, announced_status=announced_status)
    letters.post([pen])


def gather(
    pen: Pen, standing: Standing, news: Iterable[Consequence], *, announced_status: str | None = None
) -> None:
    """Gather at the pen the notices that follow from new consequences."""
    for consequence in news:
        match consequence.kind:
            case "warned":
                _tell_agents(pen, consequence, "warning")
            case "verdict" if consequence.data["verdict"] == "breached":
                if consequence.data.get("cause") != "reclassified":
                    _tell_agents(pen, consequence, "breach")
            case "reminder" if consequence.data["audience"] == "customer":
                letters.remind_customer(pen, consequence)
            case "reminder":
                _tell_agents(pen, consequence, "warning")
            case "escalated":
                _tell_roles(pen, consequence)
            case "status" if consequence.data["to"] != announced_status:
                letters.tell_status(
                    pen, standing, consequence.data["from"], consequence.data["to"], key=consequence.key
                )


def _tell_roles(pen: Pen, consequence: Consequence) -> None:
    """Tell those who fill the roles of a step, each person once. Where none of them may read the ticket, its readers
    hear instead."""
    known = pen.values()
    agents = {
        agent.pk: (agent, role)
        for role in reversed(consequence.data["tell"])
        for agent in pen.circle.holders(pen.ticket, role, known, pen.moment.at)
    }
    for agent, role in agents.values():
        letters.escalate(pen, agent, role, consequence)
    if pen.ticket.restricted and not agents:
        for agent in _readers(pen, consequence):
            letters.escalate(pen, agent, consequence.data["tell"][0], consequence, as_reader=True)


def _readers(pen: Pen, consequence: Consequence) -> list[Agent]:
    """Who reads a restricted ticket; where nobody does, the administrators hear that somebody must be named."""
    readers = pen.circle.readers(pen.ticket)
    if not readers:
        restricting.tell_nobody_reads(pen, key=consequence.key)
    return readers


def _tell_agents(pen: Pen, consequence: Consequence, kind: str) -> None:
    responsible = pen.circle.responsible(pen.ticket)
    if pen.ticket.restricted and not responsible:
        responsible = _readers(pen, consequence)
    for agent in responsible:
        letters.alert(pen, agent, consequence, kind)
