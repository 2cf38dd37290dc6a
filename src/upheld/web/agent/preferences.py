"""What an agent chooses for themselves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.people.actions import Working, choose_digest, choose_working
from upheld.web.agent.acts import typed
from upheld.web.agent.alerts.choices import deed, preferences_context
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


@deed("working")
def choose_how_to_work(request: HttpRequest, workplace: Workplace) -> str:
    seconds = typed(request, "undo_seconds")
    choose_working(
        workplace.agent.pk,
        Working(
            undo_seconds=int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 4 else -1,
            after_sending=typed(request, "after_sending"),
            single_keys=typed(request, "single_keys") == "on",
            hours_as=typed(request, "hours_as"),
            zone=typed(request, "zone"),
        ),
    )
    return _("Saved: this is how you work from now on.")
