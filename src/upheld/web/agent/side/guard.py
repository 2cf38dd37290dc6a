"""Who comes in: agents who see the ticket; whether they may write is asked at the act. For others there is nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from upheld.rules.permissions import Act, allowed
from upheld.tickets.models import SideConversation, Ticket
from upheld.tickets.visibility import role_of, visible_tickets
from upheld.web.viewer import Workplace, for_agents

View = Callable[..., HttpResponse]


def on_ticket(view: View) -> View:
    """Hand the view the ticket of the address."""

    @for_agents
    @wraps(view)
    def guarded(
        request: HttpRequest, workplace: Workplace, number: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        tickets = visible_tickets(workplace.viewer).select_related("desk", "requester")
        ticket = tickets.filter(number=number.upper()).first()
        if ticket is None or not allowed(role_of(workplace.viewer, ticket), Act.write_aside):
            raise Http404
        return view(request, workplace, ticket, *args, **kwargs)

    return guarded


def in_side(view: View) -> View:
    """Hand the view the ticket and the side conversation of the address."""

    @on_ticket
    @wraps(view)
    def guarded(
        request: HttpRequest, workplace: Workplace, ticket: Ticket, side_id: int, **kwargs: Any
    ) -> HttpResponse:
        side = SideConversation.objects.filter(pk=side_id, ticket=ticket).first()
        if side is None:
            raise Http404
        return view(request, workplace, ticket, side, **kwargs)

    return guarded
