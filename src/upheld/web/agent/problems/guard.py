"""Who comes in: agents who may do this with problems on their desk. For others the pages do not exist."""

from django.http import Http404

from upheld.rules.permissions import Act, allowed
from upheld.tickets.models import Ticket
from upheld.tickets.problems import visible_problems
from upheld.tickets.visibility import role_of, visible_tickets
from upheld.web.viewer import Workplace


def find_problem(workplace: Workplace, number: str, act: Act) -> Ticket:
    """The problem of this number, where the agent may see it and do this on its desk."""
    problems = visible_problems(workplace.viewer).select_related("desk", "problem")
    ticket = problems.filter(number=number.upper()).first()
    if ticket is None or not allowed(role_of(workplace.viewer, ticket), act):
        raise Http404
    return ticket


def find_ticket(workplace: Workplace, number: str, act: Act) -> Ticket:
    """The ticket of this number, where the agent may see it and do this on its desk."""
    ticket = visible_tickets(workplace.viewer).select_related("desk").filter(number=number.upper()).first()
    if ticket is None or not allowed(role_of(workplace.viewer, ticket), act):
        raise Http404
    return ticket


def ids(given: list[str]) -> list[int]:
    """The ids that a form sent; anything else is none."""
    return [int(each) for each in given if each.isascii() and each.isdigit() and len(each) < 18]
