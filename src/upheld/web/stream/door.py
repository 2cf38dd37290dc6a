"""Who may hear the stream: asked by an ordinary page, so that sign-in is what it is everywhere."""

from typing import Any

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from upheld.tickets.alerting import unread_alerts
from upheld.web.viewer import Workplace, for_agents

ADDRESS = "/events/"
# Where this stands, a server that can keeps the answer open; one that cannot says that nothing will come.
CAN_STREAM = "upheld.can_stream"
KIND = "application/json"


@require_GET
@for_agents
def events(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Let an agent in, with what the bell shows. 204 tells a browser not to try again."""
    if not request.META.get(CAN_STREAM):
        return HttpResponse(status=204)
    return JsonResponse({"agent": workplace.agent.pk} | bell(workplace))


def bell(workplace: Workplace) -> dict[str, Any]:
    """Return what the bell shows to an agent."""
    found = unread_alerts(workplace.viewer).aggregate(unread=Count("pk"), newest=Max("pk"))
    return {"unread": found["unread"], "newest": found["newest"] or 0}
