"""A closed day that becomes known late, as a draft of the policy in force with that day in it."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.desks.actions import begin_draft
from upheld.desks.models import Desk, PolicyVersion
from upheld.desks.policies import compiled
from upheld.policy import Mode, PolicyError
from upheld.policy.closed_days import ClosedDayError, add_closed_day, remove_closed_day
from upheld.web.agent.acts import typed
from upheld.web.agent.policy.guard import acting, for_publishers
from upheld.web.agent.policy.rows import day_words
from upheld.web.agent.policy.versions import in_force
from upheld.web.viewer import Workplace


@require_http_methods(["GET", "HEAD", "POST"])
@for_publishers
def closed_day(request: HttpRequest, workplace: Workplace, desk: Desk) -> HttpResponse:
    """Ask for the day, and begin the draft."""
    held = in_force(desk, request)
    if held is None:
        return redirect("policy", desk.slug)
    if request.method != "POST":
        return _form(request, desk, held)
    try:
        text, remark = _changed(request, held)
    except (ClosedDayError, PolicyError) as problem:
        return _form(request, desk, held, str(problem))
    draft = begin_draft(
        desk, held, text, remark=remark, mode=Mode.carry.value, by=acting(workplace), now=request.now
    )
    return redirect("policy_effect", desk.slug, draft.pk)


def _changed(request: HttpRequest, held: PolicyVersion) -> tuple[str, str]:
    """The document with the day in it or without it, and what to say of it; raises for what cannot be."""
    calendar = typed(request, "calendar") or None
    try:
        day = date.fromisoformat(typed(request, "day"))
    except ValueError:
        raise ClosedDayError(_("Choose a date.")) from None
    words = day_words(day, year=True)
    if typed(request, "do") == "open":
        return remove_closed_day(held.source, day, calendar), _("Open on %(day)s") % {"day": words}
    name = " ".join(typed(request, "name").split())[:100]
    text = add_closed_day(held.source, day, name, calendar)
    return text, _("Closed on %(day)s: %(name)s") % {"day": words, "name": name}


def _form(request: HttpRequest, desk: Desk, held: PolicyVersion, problem: str = "") -> HttpResponse:
    context = {
        "of_desk": desk,
        "calendars": list(compiled(held.pk).calendars),
        "typed": {name: typed(request, name) for name in ("day", "name", "calendar", "do")},
        "problem": problem,
    }
    status = 422 if problem else 200
    return render(request, "web/agent/policy/closed_day.html", context, status=status)
