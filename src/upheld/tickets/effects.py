"""What follows from the policy's consequences: notices to agents and to the customer, each under a key of its own."""

from collections.abc import Iterable

from upheld.people.models import Agent, Membership
from upheld.policy import Consequence, Standing
from upheld.rules.permissions import Role
from upheld.tickets import letters
from upheld.tickets.pen import Pen


def carry_out(
    pen: Pen, standing: Standing, news: Iterable[Consequence], *, announced_status: str | None = None
) -> None:
    """Store the notices that follow from new consequences.

    `announced_status` is a status that the action itself tells the customer, so that nobody is told twice.
    """
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
            case "status" if consequence.data["to"] != announced_status:
                letters.tell_status(
                    pen, standing, consequence.data["from"], consequence.data["to"], key=consequence.key
                )


def _tell_agents(pen: Pen, consequence: Consequence, kind: str) -> None:
    for agent in responsible(pen):
        letters.alert(pen, agent, consequence, kind)


def responsible(pen: Pen) -> list[Agent]:
    """Who hears of a ticket's due times: its assignee; else its team; else the desk's leads; else administrators."""
    ticket = pen.ticket
    if ticket.assignee_id:
        return [Agent.objects.select_related("user").get(pk=ticket.assignee_id)]
    if ticket.team_id:
        members = list(ticket.team.members.select_related("user"))  # type: ignore[union-attr]
        if members:
            return members
    for role in (Role.lead, Role.administrator):
        memberships = Membership.objects.filter(desk_id=ticket.desk_id, role=role.value)
        agents = [each.agent for each in memberships.select_related("agent__user")]
        if agents:
            return agents
    return []
