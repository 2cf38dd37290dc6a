"""The command bar's suggestions, and the same as a page for whoever works without scripts."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from upheld.tickets.meant import LONGEST
from upheld.web.agent.filters import Wanted
from upheld.web.agent.finding.suggestions import suggestions
from upheld.web.viewer import Workplace, for_agents


@require_safe
@for_agents
def find(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Show what fits what was asked for, as links."""
    text = _asked(request)
    return render(
        request,
        "web/agent/finding/find.html",
        {
            "text": text,
            "groups": suggestions(workplace, text),
            "all_tickets": reverse("queue") + Wanted(list="all", text=text).query() if text else "",
        },
    )


@require_safe
@for_agents
def suggest(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Say what fits what was typed so far."""
    return JsonResponse({"groups": [each.as_json() for each in suggestions(workplace, _asked(request))]})


def _asked(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
