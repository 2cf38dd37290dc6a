"""Who comes in: those who may do something on the desk of the address. For everybody else there is nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from upheld.desks.models import Desk
from upheld.rules.permissions import Act, Role, allowed
from upheld.web.viewer import Workplace, for_agents

View = Callable[..., HttpResponse]


def desks_where(workplace: Workplace, act: Act) -> list[Desk]:
    """The desks on which this agent may do something."""
    roles = workplace.viewer.roles
    return [each for each in workplace.desks if allowed(roles.get(each.pk, Role.visitor), act)]


def administered(workplace: Workplace) -> list[Desk]:
    """The desks that this agent administers."""
    return desks_where(workplace, Act.administer)


def for_desks_where(act: Act) -> Callable[[View], View]:
    """Hand the view a workplace and the desk of the address, on which its agent may do something."""

    def make(view: View) -> View:
        @for_agents
        @wraps(view)
        def guarded(
            request: HttpRequest, workplace: Workplace, slug: str, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            desk = next((each for each in desks_where(workplace, act) if each.slug == slug), None)
            if desk is None:
                raise Http404
            return view(request, workplace, desk, *args, **kwargs)

        return guarded

    return make


def for_administrators_of_any(view: View) -> View:
    """Hand the view a workplace of somebody who administers at least one desk."""

    @for_agents
    @wraps(view)
    def guarded(request: HttpRequest, workplace: Workplace, *args: Any, **kwargs: Any) -> HttpResponse:
        if not administered(workplace):
            raise Http404
        return view(request, workplace, *args, **kwargs)

    return guarded


for_administrators = for_desks_where(Act.administer)
