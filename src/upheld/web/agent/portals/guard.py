"""Who comes in: those who administer the desk. For others there is nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from upheld.desks.models import Desk
from upheld.rules.permissions import Act, Role, allowed
from upheld.web.viewer import Workplace, for_agents

View = Callable[..., HttpResponse]


def administered(workplace: Workplace) -> list[Desk]:
    """The desks that this agent administers."""
    roles = workplace.viewer.roles
    return [each for each in workplace.desks if allowed(roles.get(each.pk, Role.visitor), Act.administer)]


def for_administrators(view: View) -> View:
    """Hand the view the desk of the address, and who acts, as the audit names them."""

    @for_agents
    @wraps(view)
    def guarded(
        request: HttpRequest, workplace: Workplace, slug: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        desk = next((each for each in administered(workplace) if each.slug == slug), None)
        if desk is None:
            raise Http404
        by = f"{workplace.agent.name} <{workplace.agent.address}>"
        return view(request, desk, by, *args, **kwargs)

    return guarded
