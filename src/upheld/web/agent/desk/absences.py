"""Who is away: entered by an administrator for anybody of the desk, or by everybody for themselves."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upheld.desks.models import Desk
from upheld.people.actions import enter_absence, strike_absence
from upheld.people.models import Agent
from upheld.people.staff import StaffRefused, agent_of, working_on
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.away import absences_of, asked_days
from upheld.web.agent.desk.sections import Section, chosen_id
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace, for_agents


def _context(request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent) -> Mapping[str, Any]:
    agents = list(working_on(desk).filter(user__is_active=True).order_by("user__name", "pk"))
    return {"agents": agents, "absences": absences_of(agents, desk.zone, request.now)}


section = Section("desk_absences", "web/agent/desk/absences.html", _context)


@section.deed("enter")
def enter(request: HttpRequest, workplace: Workplace, desk: Desk) -> str:
    agent = agent_of(desk, chosen_id(request, "agent"))
    _enter(request, workplace, agent, desk)
    return _("Entered: %(name)s is away then, and their deputies stand in.") % {"name": agent.name}


@section.deed("strike")
def strike(request: HttpRequest, workplace: Workplace, desk: Desk, *, absence_id: int) -> str:
    strike_absence(absence_id, by=workplace.agent, now=request.now)
    return _("The absence is struck.")


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def my_absences(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """One's own absences, and a form for a further one."""
    if request.method != "POST":
        return _mine(request, workplace)
    try:
        _enter(request, workplace, workplace.agent, workplace.desks[0])
    except StaffRefused as refused:
        kept = {each: typed(request, each) for each in request.POST}
        return _mine(request, workplace, Unsent("enter", str(refused), kept))
    messages.success(request, _("Entered. Your deputies stand in for you then."))
    return redirect("my_absences")


@require_POST
@for_agents
def strike_mine(request: HttpRequest, workplace: Workplace, absence_id: int) -> HttpResponse:
    """Take one of one's own absences away; another's is as good as none."""
    mine = workplace.agent.absences.filter(pk=absence_id).first()
    if mine is not None:
        strike_absence(mine.pk, by=workplace.agent, now=request.now)
        messages.success(request, _("The absence is struck."))
    return redirect("my_absences")


def _mine(request: HttpRequest, workplace: Workplace, unsent: Unsent | None = None) -> HttpResponse:
    context = {
        "absences": absences_of([workplace.agent], workplace.zone, request.now),
        "unsent": unsent or Unsent(),
        "zone": workplace.zone,
    }
    return render(request, "web/agent/desk/my_absences.html", context, status=422 if unsent else 200)


def _enter(request: HttpRequest, workplace: Workplace, agent: Agent, desk: Desk) -> None:
    starts_at, ends_at = asked_days(request, agent.zone or desk.zone)
    enter_absence(
        agent,
        starts_at=starts_at,
        ends_at=ends_at,
        note=typed(request, "note"),
        by=workplace.agent,
        now=request.now,
    )
