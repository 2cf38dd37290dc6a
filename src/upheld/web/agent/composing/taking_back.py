"""Taking back what was pressed, or letting it happen at once; and what has become of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upheld.tickets import actions
from upheld.tickets.models import Press
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.composing.waiting import leaving, note_pressed
from upheld.web.viewer import Workplace, for_agents

_MOST_ASKED = 20


@require_safe
@for_agents
def presses(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Say what waits, and what has become of what waited when the page was loaded."""
    asked = request.GET.get("of", "").split(",")[:_MOST_ASKED]
    ids = {int(each) for each in asked if each.isascii() and each.isdigit() and len(each) < 18}
    rows = leaving(request, workplace, ids)
    return render(request, "web/agent/composing/leaving.html", {"leaving": rows})


@require_POST
@for_agents
def take_back(request: HttpRequest, workplace: Workplace, press_id: int) -> HttpResponse:
    """Undo: nothing happens, and what was written is a draft again."""
    try:
        press = actions.take_back(press_id, workplace.agent, request.now)
    except actions.Refused as problem:
        messages.error(request, str(problem))
        return redirect(_back(request))
    messages.success(request, _("Taken back. Nothing was sent, and nothing has changed."))
    return redirect(_where(request, workplace, press))


@require_POST
@for_agents
def hurry(request: HttpRequest, workplace: Workplace, press_id: int) -> HttpResponse:
    """Let it happen now."""
    try:
        actions.hurry(press_id, workplace.agent, request.now)
    except actions.Refused as problem:
        messages.error(request, str(problem))
    if request.htmx:
        note_pressed(request)
        return render(
            request,
            "web/agent/composing/leaving.html",
            {"leaving": leaving(request, workplace, [press_id]), "out_of_band": True},
        )
    return redirect(_back(request))


def _where(request: HttpRequest, workplace: Workplace, press: Press) -> str:
    """Where what was taken back can be gone on with."""
    number = (
        visible_tickets(workplace.viewer).filter(pk=press.ticket_id).values_list("number", flat=True).first()
        if press.ticket_id
        else None
    )
    if number is None:
        return _back(request)
    return reverse("ticket", args=[number]) + ("#composer" if press.kind == Press.Kind.REPLY else "")


def _back(request: HttpRequest) -> str:
    """The page from which it was asked for, or the list."""
    back = request.POST.get("back", "")
    secure = request.is_secure()
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=secure)
    return back if back.startswith("/") and ours else reverse("queue")
