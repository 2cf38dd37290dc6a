"""What follows from the policy's consequences: notices to agents and to the customer, each under a key of its own."""

from collections.abc import Iterable

from django.db.models import QuerySet

from upheld.people.models import Agent
from upheld.policy import Consequence, Standing
from upheld.rules.permissions import Role
from upheld.tickets import letters
from upheld.tickets.models import Ticket
from upheld.tickets.pen import Pen


def carry_out(
    pen: Pen, standing: Standing, news: Iterable[Consequence], *, announced_status: str | None = None
) -> None:
    """Write the notices that follow from new consequences, and post them with those of the action itself.

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
    letters.post(pen)


def _tell_agents(pen: Pen, consequence: Consequence, kind: str) -> None:
    for agent in responsible(pen.ticket):
        letters.alert(pen, agent, consequence, kind)


def responsible(ticket: Ticket) -> list[Agent]:
    """Who hears of a ticket's due times: its assignee; else its team; else the desk's leads; else administrators.

    Whoever cannot sign in any more is passed over, so that an alert does not end with somebody who left.
    """
    on_the_desk = Agent.objects.filter(user__is_active=True, memberships__desk_id=ticket.desk_id)
    circles = [
        on_the_desk.filter(pk=ticket.assignee_id) if ticket.assignee_id else None,
        on_the_desk.filter(teams=ticket.team_id) if ticket.team_id else None,
        _holding(ticket, Role.lead),
        _holding(ticket, Role.administrator),
    ]
    for circle in circles:
        agents = [] if circle is None else list(circle.select_related("user").order_by("pk"))
        if agents:
            return agents
    return []


def _holding(ticket: Ticket, role: Role) -> QuerySet[Agent]:
    return Agent.objects.filter(
        user__is_active=True, memberships__desk_id=ticket.desk_id, memberships__role=role.value
    )
