"""The bell: what an agent has not read, without leaving the page; and what is new, as it comes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upheld.notices.models import Alert
from upheld.tickets.alerting import unread_alerts
from upheld.web.agent.alerts.page import about, note_read
from upheld.web.presenting.alerts import AlertRow, alert_row
from upheld.web.presenting.times import Times
from upheld.web.stream.door import bell
from upheld.web.viewer import Workplace, for_agents

SHOWN = 8
# More at once would only be in the way; the bell has all of them.
TOASTS = 3


@require_safe
@for_agents
def unread(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """What drops down from the bell."""
    return render(request, "web/agent/live/sheet.html", sheet(request, workplace))


@require_safe
@for_agents
def new(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """What has come since the newest that the browser knows of, oldest first."""
    after = request.GET.get("after", "")
    known = int(after) if after.isdecimal() and len(after) < 19 else None
    now = bell(workplace)
    found: list[Alert] = []
    if known is not None and now["newest"] > known:
        found = list(unread_alerts(workplace.viewer).filter(pk__gt=known).order_by("-pk")[: TOASTS + 1])
    shown = _rows(request, workplace, list(reversed(found[:TOASTS])))
    return render(request, "web/agent/live/toasts.html", now | {"rows": shown, "more": len(found) > TOASTS})


@require_POST
@for_agents
def read(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Note that one alert, or all of them, were read; answer with what is left."""
    note_read(request, workplace)
    if not request.htmx:
        return redirect("alerts")
    return render(request, "web/agent/live/sheet.html", sheet(request, workplace))


def sheet(request: HttpRequest, workplace: Workplace) -> dict[str, Any]:
    """Return what `sheet.html` shows: the newest of what is unread."""
    found = list(unread_alerts(workplace.viewer).order_by("-created_at", "-pk")[: SHOWN + 1])
    return {"rows": _rows(request, workplace, found[:SHOWN]), "more": len(found) > SHOWN}


def _rows(request: HttpRequest, workplace: Workplace, alerts: list[Alert]) -> list[AlertRow]:
    if not alerts:
        return []
    times, known = Times(workplace.zone, request.now), about(workplace.viewer, alerts)
    return [alert_row(each, known, times, workplace.zone) for each in alerts]
