"""Who comes in: those who administer the desk. For others there is nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from upheld.desks.models import Desk
from upheld.rules.permissions import Act
from upheld.web.agent.desk.guard import for_desks_where
from upheld.web.viewer import Workplace

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Hand the view the desk of the address, and who acts, as the audit names them."""

    @for_desks_where(Act.administer)
    @wraps(view)
    def guarded(
        request: HttpRequest, workplace: Workplace, desk: Desk, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        by = f"{workplace.agent.name} <{workplace.agent.address}>"
        return view(request, desk, by, *args, **kwargs)

    return guarded
