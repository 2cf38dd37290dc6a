"""Who comes in: those who administer the desk of the address. For everybody else there is nothing."""

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


def for_administrators_of_any(view: View) -> View:
    """Hand the view a workplace of somebody who administers at least one desk."""

    @for_agents
    @wraps(view)
    def guarded(request: HttpRequest, workplace: Workplace, *args: Any, **kwargs: Any) -> HttpResponse:
        if not administered(workplace):
            raise Http404
        return view(request, workplace, *args, **kwargs)

    return guarded


def for_administrators(view: View) -> View:
    """Hand the view a workplace and the desk of the address, which its agent administers."""

    @for_agents
    @wraps(view)
    def guarded(
        request: HttpRequest, workplace: Workplace, slug: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        desk = next((each for each in administered(workplace) if each.slug == slug), None)
        if desk is None:
            raise Http404
        return view(request, workplace, desk, *args, **kwargs)

    return guarded
