"""Say what a ticket is about: its product, reason, region, plan, team or tier."""

from collections.abc import Mapping

from django.db import transaction

from upheld.desks.policy_documents import document_of
from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.policy.document import Document
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.particulars import COLUMNS, FIELDS, desk_team, options
from upheld.tickets.pen import Pen


def set_field(ticket_id: int, agent: Agent, name: str, value: str, moment: Moment) -> Ticket:
    """Set one field; see `set_fields`."""
    return set_fields(ticket_id, agent, {name: value}, moment)


@transaction.atomic
def set_fields(ticket_id: int, agent: Agent, values: Mapping[str, str], moment: Moment) -> Ticket:
    """Set fields to values that the policy knows, or to nothing, each a line of the story. Targets that ask for them
    apply as if they had been known from the start. What stays as it is leaves no line.

    A team of the policy that has the name of one of the desk's teams makes the ticket that team's. Raises NotAllowed,
    or Refused for what the policy does not know.
    """
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.set_field, pen.ticket)
    document = document_of(pen.version_id)
    known = pen.particulars()
    for name, value in values.items():
        if value != known.get(name, ""):
            _check(document, name, value)
            _set(pen, agent, document, name, value)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return pen.ticket


def _check(document: Document, name: str, value: str) -> None:
    if name not in FIELDS:
        raise Refused(f"A ticket has no field “{name}”. There are: {', '.join(FIELDS)}.")
    listed = options(document).get(name, ())
    if value and value not in {each.id for each in listed}:
        labels = ", ".join(each.label for each in listed) or "none"
        raise Refused(f"The policy does not know this {name}. Choose one of: {labels}.")


def _set(pen: Pen, agent: Agent, document: Document, name: str, value: str) -> None:
    ticket = pen.ticket
    if name in COLUMNS:
        setattr(ticket, name, value)
        ticket.save(update_fields=[name])
    if name != "team":
        pen.fact("field", Actor.agent, agent=agent, name=name, to=value or None)
    else:
        ticket.team = desk_team(ticket.desk_id, value, document) if value else None
        ticket.save(update_fields=["team"])
        pen.fact("field", Actor.agent, agent=agent, name=name, to=value or None, desk_team=ticket.team_id)
        if ticket.team and ticket.team.tier in {each.id for each in document.tiers}:
            pen.fact("field", Actor.agent, agent=agent, name="tier", to=ticket.team.tier)
