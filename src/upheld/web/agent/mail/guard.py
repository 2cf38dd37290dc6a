"""Who comes in: those who may read kept mail on at least one of their desks. For others the pages do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from upheld.mailboxes.visibility import sees_mail
from upheld.web.viewer import Workplace, for_agents

View = Callable[..., HttpResponse]


def for_readers_of_mail(view: View) -> View:
    """Hand the view a workplace whose viewer sees mail."""

    @for_agents
    @wraps(view)
    def guarded(request: HttpRequest, workplace: Workplace, *args: Any, **kwargs: Any) -> HttpResponse:
        if not sees_mail(workplace.viewer):
            raise Http404
        return view(request, workplace, *args, **kwargs)

    return guarded
