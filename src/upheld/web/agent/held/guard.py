"""Who comes in: those who may read held requests on at least one of their desks. For others the pages do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.held import visible_held
from upheld.tickets.models import HeldRequest
from upheld.web.viewer import Workplace, for_agents

View = Callable[..., HttpResponse]


def for_readers_of_held(view: View) -> View:
    """Hand the view a workplace whose viewer sees held requests."""

    @for_agents
    @wraps(view)
    def guarded(request: HttpRequest, workplace: Workplace, *args: Any, **kwargs: Any) -> HttpResponse:
        if not any(allowed(role, Act.read_held_requests) for role in workplace.viewer.roles.values()):
            raise Http404
        return view(request, workplace, *args, **kwargs)

    return guarded


def find_held(workplace: Workplace, held_id: int) -> HeldRequest:
    """The held request, where this agent may see it; otherwise it does not exist."""
    around = ("desk", "contact", "organization", "ticket", "decided_by__user", "portal", "mailbox", "follows")
    held = visible_held(workplace.viewer).select_related(*around).filter(pk=held_id).first()
    if held is None:
        raise Http404
    return held


def may(workplace: Workplace, act: Act, held: HeldRequest) -> bool:
    """Whether this agent may do something on the desk of a held request."""
    return allowed(workplace.viewer.roles.get(held.desk_id, Role.visitor), act)
