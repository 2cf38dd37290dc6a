"""Promising a time, and asking what a change would do."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upheld.people.models import Agent
from upheld.policy import Metric
from upheld.rules.permissions import Act
from upheld.tickets import actions
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.web.agent.acts import act, typed
from upheld.web.agent.life.effects import Effect, priority_effect, status_effect
from upheld.web.agent.ticket import ticket_context
from upheld.web.agent.triage.ticket_of import page_for
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents, workplace_of


@act("promise")
def promise(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    workplace = workplace_of(request)
    due_at = _read_time(typed(request, "at"), workplace.zone if workplace else ticket.desk.zone)
    metric = typed(request, "metric") or Metric.update.value
    if metric not in frozenset(Metric):
        raise actions.Refused(_("Choose what you promise."))
    actions.promise_update(ticket.pk, agent, due_at, moment, metric=Metric(metric))
    return _("Promised. The customer sees it on the page of their request, and its clock runs.")


def _read_time(text: str, zone: str) -> datetime:
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        raise actions.Refused(_("Write by when, as 2026-03-20 16:50.")) from None
    return local if local.tzinfo else local.replace(tzinfo=ZoneInfo(zone))


@require_POST
@for_agents
def effect_of_status(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Say what a status would do, set alone or by the reply that is being written. Nothing changes."""
    by_reply = "text" in request.POST or typed(request, "with") == "reply"
    page = page_for(request, workplace, number, Act.set_status)
    times = Times(workplace.zone, request.now)
    effect = status_effect(page, typed(request, "status"), request.now, times, reply=by_reply)
    return _answer(request, workplace, number, effect)


@require_POST
@for_agents
def effect_of_priority(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Say what a priority would do. Nothing changes."""
    page = page_for(request, workplace, number, Act.set_priority)
    times = Times(workplace.zone, request.now)
    return _answer(
        request,
        workplace,
        number,
        priority_effect(page, typed(request, "priority"), request.now, times),
    )


def _answer(request: HttpRequest, workplace: Workplace, number: str, effect: Effect) -> HttpResponse:
    """The sentences alone for htmx, else the whole page with them, and with what was typed."""
    if request.htmx:
        return render(request, "web/agent/life/effect.html", {"effect": effect})
    kept = {name: typed(request, name) for name in request.POST if name != "csrfmiddlewaretoken"}
    context = ticket_context(request, workplace, number, Unsent(form=effect.of, typed=kept))
    return render(request, "web/agent/ticket.html", context | {"effect": effect})
