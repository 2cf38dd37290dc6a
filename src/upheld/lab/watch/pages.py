"""The page `/lab/`: what happens, how fast, and on to what comes next."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upheld.desks import present
from upheld.desks.lab_clock import LabClock
from upheld.lab.life.waiting import next_work
from upheld.lab.watch.figures import figures
from upheld.lab.watch.stream import stream
from upheld.web.lab_bar import SPEEDS
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents


@require_safe
@for_agents
def watch(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """What has happened, newest first; it asks anew by itself."""
    everything = request.GET.get("show") == "everything"
    clock, times = present.lab_clock(), Times(workplace.zone, request.now)
    coming = _next_event(clock, request.now)
    context = {
        "speeds": SPEEDS,
        "speed": clock.speed(),
        "time": times.when(request.now),
        "zone_name": times.zone_name,
        "coming": times.optional(coming),
        "figures": figures(workplace.viewer, request.now),
        "happenings": stream(workplace.viewer, times, everything=everything),
        "everything": everything,
    }
    return render(request, "lab/watch.html", context)


@require_POST
@for_agents
def speed(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Let the lab's time run at another speed, or stand."""
    wanted = {str(each.factor): each.factor for each in SPEEDS}.get(request.POST.get("speed", ""))
    if wanted is None:
        raise Http404
    present.lab_clock().set_speed(wanted)
    return redirect("lab")


@require_POST
@for_agents
def leap(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Go on at once to what comes next: something that falls due, or somebody's next deed."""
    clock = present.lab_clock()
    coming = _next_event(clock, request.now)
    if coming is None:
        messages.info(request, _("Nothing is to come: nobody has anything to do."))
    else:
        clock.leap(coming)
    return redirect("lab")


def _next_event(clock: LabClock, now: datetime) -> datetime | None:
    deed = clock.next_deed()
    return min(filter(None, (next_work(now), deed if deed and deed > now else None)), default=None)
