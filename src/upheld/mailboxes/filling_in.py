"""A saved text made to fit one ticket: placeholders replaced by what its customer may read."""

from datetime import datetime

from django.utils import translation

from upheld.desks.policies import compiled
from upheld.mailboxes.outgoing.languages import language_of_letters
from upheld.mailboxes.outgoing.times import read_instant, say_instant
from upheld.people.models import Agent
from upheld.policy import Metric
from upheld.rules.callers import is_placeholder
from upheld.rules.one_line import one_line
from upheld.rules.placeholders import fill
from upheld.tickets.models import Ticket

_LONGEST = 250


def fill_in(text: str, ticket: Ticket, agent: Agent) -> str:
    """Return a saved text for this ticket, as this agent would send it; what the desk does not know keeps its
    placeholder."""
    return fill(text, values_of(ticket, agent)) if "{{" in text else text


def values_of(ticket: Ticket, agent: Agent) -> dict[str, str]:
    """Return what each placeholder stands for on a ticket; empty where there is nothing to say."""
    requester, desk = ticket.requester, ticket.desk
    zone = requester.zone or desk.zone
    name = "" if is_placeholder(requester.address) and not requester.name else requester.name
    policy = compiled(ticket.later_version_id or ticket.policy_version_id)
    values = {
        "customer.name": name,
        "customer.first_name": _first(name),
        "customer.organization": ticket.organization.name if ticket.organization else "",
        "ticket.number": ticket.number,
        "ticket.subject": ticket.subject,
        "ticket.status": policy.status(ticket.status).public_label,
        "agent.name": agent.name,
        "agent.first_name": _first(agent.name),
        "desk.name": desk.name,
    }
    with translation.override(language_of_letters(requester.language or desk.language)):
        values["ticket.received"] = say_instant(ticket.received_at, zone)
        for metric in Metric:
            due = _due(ticket, metric)
            values[f"due.{metric.value}"] = say_instant(due, zone) if due else ""
    return {place: one_line(value, _LONGEST) for place, value in values.items()}


def _first(name: str) -> str:
    """The first name, as far as a name tells: "Novak, Lena" says so with a comma."""
    last, comma, first = name.partition(",")
    return next(iter((first if comma else last).split()), "")


def _due(ticket: Ticket, metric: Metric) -> datetime | None:
    """When the latest cycle of a metric's clock is due; None where it is not, or has ended."""
    cycles = [each for each in ticket.standing.get("clocks", ()) if each.get("metric") == metric.value]
    if not cycles:
        return None
    clock = max(cycles, key=lambda each: each.get("cycle") or 0)
    ended = clock.get("satisfied_at") or clock.get("verdict")
    return None if ended else read_instant(clock.get("due_at"))
