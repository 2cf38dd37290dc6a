"""The rotas of one's desks, and a new one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upheld.people.actions import add_rota
from upheld.people.rotas import rotas_read_by, staffed
from upheld.people.staff import StaffRefused
from upheld.rules.permissions import NotAllowed
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.guard import administered
from upheld.web.agent.desk.vocabulary import PolicyWords
from upheld.web.agent.on_call.entered import entered_ids, entered_values, refuse_unknown_role
from upheld.web.agent.on_call.one import form_context, hands_over, now_on_call
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents


@require_safe
@for_agents
def rotas(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Who is on call now, rota by rota."""
    now, rows = request.now, []
    for known in staffed(rotas_read_by(workplace.agent), now):
        week = known.turns.week_of(now)
        rows.append(
            {
                "rota": known.rota,
                "now": now_on_call(known, now),
                "role": PolicyWords(known.rota.desk, now).role_label(known.rota.role),
                "hands_over": hands_over(known.rota),
                "until": Times(workplace.zone, now).when(week[1]) if week else None,
                "is_mine": known.on_call(now) == workplace.agent,
            }
        )
    context = {
        "rotas": rows,
        "desks": administered(workplace),
        "shows_desk": len(workplace.desks) > 1,
        "zone_name": Times(workplace.zone, now).zone_name,
    }
    return render(request, "web/agent/on_call/rotas.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def new_rota(request: HttpRequest, workplace: Workplace, slug: str) -> HttpResponse:
    """A form for a rota of the desk, and what it makes."""
    desk = next((each for each in administered(workplace) if each.slug == slug), None)
    if desk is None:
        raise Http404
    unsent, status = Unsent(), 200
    if request.method == "POST":
        try:
            values = entered_values(request)
            refuse_unknown_role(desk, values.role, request.now)
            rota = add_rota(desk, values, entered_ids(request), by=workplace.agent, now=request.now)
        except (StaffRefused, NotAllowed) as refused:
            kept = {each: typed(request, each) for each in request.POST}
            unsent, status = Unsent("rota", str(refused), kept), 422
        else:
            messages.success(request, _("There is a rota %(name)s now.") % {"name": rota.name})
            return redirect("rota", rota.pk)
    from_staff = desk.memberships.filter(agent__user__is_active=True).select_related("agent__user")
    context = {
        "of_desk": desk,
        "form": form_context(desk, request.now, None, unsent),
        "agents": [each.agent for each in from_staff.order_by("agent__user__name", "pk")],
        "chosen": set(entered_ids(request)),
        "unsent": unsent,
    }
    return render(request, "web/agent/on_call/new.html", context, status=status)
