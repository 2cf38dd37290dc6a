"""What every template may name: the desk, the agent at work, the theme. Looked up only when a template asks."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from upheld.desks.models import Desk
from upheld.web.agent.composing.waiting import leaving_of
from upheld.web.lab_bar import lab_bar
from upheld.web.navigation import navigation
from upheld.web.theme import chosen_theme
from upheld.web.viewer import workplace_of


def desk(request: HttpRequest) -> dict[str, Any]:
    """`agent` and `desk` are empty for everybody who is not at work here; a page's own `desk` wins over this.

    `house` is the name over the door: of the desk, where there is only one.
    """
    return {
        "theme": chosen_theme(request),
        "agent": SimpleLazyObject(lambda: _agent(request)),
        "desk": SimpleLazyObject(lambda: _desk(request)),
        "house": SimpleLazyObject(_house),
        "lab": lab_bar(request),
        "leaving": SimpleLazyObject(lambda: leaving_of(request)),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }


def _agent(request: HttpRequest) -> object:
    workplace = workplace_of(request)
    return workplace.agent if workplace else None


def _desk(request: HttpRequest) -> object:
    workplace = workplace_of(request)
    return workplace.desks[0] if workplace and len(workplace.desks) == 1 else None


def _house() -> str:
    names = Desk.objects.values_list("name", flat=True)[:2]
    return names[0] if len(names) == 1 else "Upheld"
