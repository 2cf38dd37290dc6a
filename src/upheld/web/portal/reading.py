"""What a customer is shown of a restricted ticket is written down first."""

from collections.abc import Callable

from django.http import HttpRequest

from upheld.tickets.actions import log_reading
from upheld.tickets.models import Ticket

PAGE, PAGE_BY_LINK = "customer page", "customer page by link"
FILE, FILE_BY_LINK = "file", "file by link"


def noting(request: HttpRequest, contact_id: int, what: str) -> Callable[[Ticket], None]:
    """Return what writes down that this contact reads this part of a ticket; of an ordinary one nothing is kept."""

    def note(ticket: Ticket) -> None:
        log_reading(ticket, what, request.now, contact_id=contact_id)

    return note
