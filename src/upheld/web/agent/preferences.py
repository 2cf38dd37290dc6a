"""What an agent chooses for themselves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.people.actions import choose_digest
from upheld.web.agent.alerts.choices import preferences_context
from upheld.web.viewer import Workplace, for_agents


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def preferences(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Show the choices, or keep them."""
    if request.method == "POST":
        wanted = request.POST.get("digest") == "on"
        choose_digest(workplace.agent.pk, wanted=wanted)
        messages.success(
            request, _("You get the morning mail.") if wanted else _("You get no morning mail any more.")
        )
        return redirect("preferences")
    return render(request, "web/agent/preferences.html", preferences_context(workplace, request))
