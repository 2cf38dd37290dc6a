"""Whether an agent's browser may show what they are told: their own choice, on the page of their preferences."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upheld.people.actions import choose_browser_alerts
from upheld.web.viewer import Workplace, for_agents


@require_POST
@for_agents
def choose(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Keep the choice; the browser itself is asked by its own question."""
    wanted = request.POST.get("show") == "yes"
    choose_browser_alerts(workplace.agent.pk, wanted=wanted)
    messages.success(
        request,
        _("Your browser shows what you are told, where you allow it to.")
        if wanted
        else _("Your browser shows nothing outside these pages any more."),
    )
    return redirect("preferences")
