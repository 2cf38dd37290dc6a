"""What follows from the policy's consequences: notices to agents and to the customer, each under a key of its own."""

from collections.abc import Iterable
from datetime import datetime

from upheld.people.models import Agent
from upheld.policy import Consequence, Standing
from upheld.tickets import letters, paging, restricting
from upheld.tickets.circle import administrators_of
from upheld.tickets.pen import Pen

_TOLD_OF_A_PART = ("verdict", "complaint_missed")


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
    news = [] if pen.ticket.is_spam else list(news)
    if pen.ticket.merged_into_id is not None:
        # It goes on in another, which warns, reminds and escalates; what was missed here before is still told.
        news = [each for each in news if each.kind in _TOLD_OF_A_PART]
    changed = _changes_told(pen, news)
    for consequence in news:
        match consequence.kind:
            case "warned":
                _tell_agents(pen, consequence, "warning")
            case "verdict" if consequence.data["verdict"] == "breached":
                if consequence.data.get("cause") != "reclassified":
                    _tell_agents(pen, consequence, "breach")
            case "reminder" if consequence.data["audience"] == "customer":
                if consequence.at not in changed:
                    letters.remind_customer(pen, consequence)
            case "reminder":
                _tell_agents(pen, consequence, "warning")
            case "escalated":
                _tell_roles(pen, consequence)
            case "complaint_missed":
                _tell_of_silence(pen, consequence)
            case "status" if consequence.data["to"] != announced_status:
                letters.tell_status(
                    pen,
                    standing,
                    consequence.data["from"],
                    consequence.data["to"],
                    key=consequence.key,
                    at=consequence.at,
                )


def _changes_told(pen: Pen, news: Iterable[Consequence]) -> set[datetime]:
    """When the customer hears of a change of status; a reminder of the same instant is part of that mail."""
    return {
        each.at
        for each in news
        if each.kind == "status" and letters.tells_status(pen, each.data["from"], each.data["to"])
    }


def _tell_roles(pen: Pen, consequence: Consequence) -> None:
    """Tell those who fill the roles of a step, each person once. Where none of them may read the ticket, its readers
    hear instead."""
    known = pen.values()
    agents = {
        agent.pk: (agent, role, filling.is_filled)
        for role in reversed(consequence.data["tell"])
        for filling in [pen.circle.filling(pen.ticket, role, known, pen.moment.at)]
        for agent in filling.agents
    }
    if consequence.data["page"]:
        told = [paging.Told(agent, role, is_filled=filled) for agent, role, filled in agents.values()]
        paging.begin(pen, consequence, told or _reading(pen, consequence))
        return
    for agent, role, is_filled in agents.values():
        letters.escalate(pen, agent, role, consequence, is_filled=is_filled)
    if pen.ticket.restricted and not agents:
        for agent in _readers(pen, consequence):
            letters.escalate(pen, agent, consequence.data["tell"][0], consequence, as_reader=True)


def _reading(pen: Pen, consequence: Consequence) -> list[paging.Told]:
    role = consequence.data["tell"][0]
    return [paging.Told(each, role, as_reader=True) for each in _readers(pen, consequence)]


def _tell_of_silence(pen: Pen, consequence: Consequence) -> None:
    """Tell that a customer who turned to a role has had no answer in its time: whoever fills the role, and the desk's
    administrators, each person once. Of a restricted ticket only its readers hear."""
    role = consequence.data["role"]
    filling = pen.circle.filling(pen.ticket, role, pen.values(), pen.moment.at)
    told = {agent.pk for agent in filling.agents}
    for agent in filling.agents:
        letters.tell_complaint_missed(
            pen, agent, consequence, as_administrator=False, is_filled=filling.is_filled
        )
    beside = administrators_of(pen.ticket)
    if pen.ticket.restricted:
        reading = {each.pk for each in pen.circle.readers(pen.ticket)}
        beside = [each for each in beside if each.pk in reading]
        beside = beside if beside or told else _readers(pen, consequence)
    for agent in beside:
        if agent.pk not in told:
            letters.tell_complaint_missed(pen, agent, consequence, as_administrator=True)


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
