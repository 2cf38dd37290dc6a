"""The strip over every page of a lab, by which nobody takes its time for the real one."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upheld.desks import present
from upheld.desks.models import Desk
from upheld.web.presenting.times import Times, When
from upheld.web.viewer import workplace_of


@dataclass(frozen=True, slots=True)
class Speed:
    """A speed that the page offers: seconds of the lab in a real one."""

    factor: float
    words: str | Promise


SPEEDS = (
    Speed(0.0, _("Pause")),
    Speed(60.0, _("1 min/s")),
    Speed(600.0, _("10 min/s")),
    Speed(3600.0, _("1 h/s")),
    Speed(21600.0, _("6 h/s")),
)


@dataclass(frozen=True, slots=True)
class LabBar:
    """The lab's time and how fast it runs; `watches` is whether the visitor may see the lab's own page."""

    time: When
    zone: str
    speed: str | Promise
    watches: bool


def lab_bar(request: HttpRequest) -> LabBar | None:
    """Return what the strip shows; there is none outside a lab."""
    if not settings.LAB:
        return None
    workplace = workplace_of(request)
    zone = workplace.zone if workplace else Desk.objects.order_by("pk").values_list("zone", flat=True).first()
    now = getattr(request, "now", None) or present.now()
    times, factor = Times(zone or "UTC", now), present.lab_clock().speed()
    words = next((each.words for each in SPEEDS if each.factor == factor), f"{factor:g} ×")
    return LabBar(times.when(now), times.zone_name, words if factor else _("paused"), workplace is not None)
