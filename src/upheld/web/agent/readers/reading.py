"""What an agent is shown of a restricted ticket is written down first."""

from django.http import HttpRequest

from upheld.tickets.actions import log_reading
from upheld.tickets.models import Ticket
from upheld.web.viewer import Workplace

PAGE = "page"
FILE = "file"
FORMATTED = "formatted message"
MAIL = "mail"
READERS = "readers and readings"


def note_reading(request: HttpRequest, workplace: Workplace, ticket: Ticket | None, what: str) -> None:
    """Write down that this agent reads this part of the ticket; of an ordinary one nothing is kept."""
    if ticket is not None:
        log_reading(ticket, what, request.now, agent=workplace.agent)
