"""Who comes in: agents of the desk see its versions, and those who may publish on it change it. For others there is
nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from upheld.desks.models import Desk
from upheld.rules.permissions import Act, Role, allowed
from upheld.web.viewer import Workplace, for_agents

View = Callable[..., HttpResponse]


def may_publish(workplace: Workplace, desk: Desk) -> bool:
    """Whether this agent may publish a policy on the desk."""
    return allowed(workplace.viewer.roles.get(desk.pk, Role.visitor), Act.publish_policy)


def for_agents_of_the_desk(view: View) -> View:
    """Hand the view a workplace and the desk of the address."""

    @for_agents
    @wraps(view)
    def guarded(
        request: HttpRequest, workplace: Workplace, slug: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        desk = next((each for each in workplace.desks if each.slug == slug), None)
        if desk is None:
            raise Http404
        return view(request, workplace, desk, *args, **kwargs)

    return guarded


def for_publishers(view: View) -> View:
    """The same for those who may publish."""

    @for_agents_of_the_desk
    @wraps(view)
    def guarded(
        request: HttpRequest, workplace: Workplace, desk: Desk, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not may_publish(workplace, desk):
            raise Http404
        return view(request, workplace, desk, *args, **kwargs)

    return guarded


def acting(workplace: Workplace) -> str:
    """Who the version and the audit name."""
    return f"{workplace.agent.name} <{workplace.agent.address}>"
