"""In which zone a customer reads times: the one they chose in this browser, else their own, else the desk's."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from upheld.clock import zone_names
from upheld.desks.models import Desk
from upheld.people.models import Contact
from upheld.web.theme import A_YEAR, own_path

COOKIE = "zone"
_AREAS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)


def viewing_zone(request: HttpRequest, desk: Desk, contact: Contact | None = None) -> str:
    """The name of the zone in which this page tells times."""
    chosen = request.COOKIES.get(COOKIE, "")
    wanted = (chosen, contact.zone if contact else "", desk.zone)
    return next((name for name in wanted if name in zone_names()), "UTC")


@require_http_methods(["GET", "HEAD", "POST"])
def zone(request: HttpRequest) -> HttpResponse:
    """Choose another zone for reading. It is remembered in this browser and changes nothing at the desk."""
    if request.method == "POST":
        return _remember(request)
    back = own_path(request, request.GET.get("next", ""))
    chosen = request.COOKIES.get(COOKIE, "")
    page = {"areas": areas(), "chosen": chosen if chosen in zone_names() else "", "next": back}
    return render(request, "portal/zone.html", page)


def _remember(request: HttpRequest) -> HttpResponse:
    response = redirect(own_path(request, request.POST.get("next", "")))
    chosen = request.POST.get("zone", "")
    if chosen in zone_names():
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def areas() -> Mapping[str, list[tuple[str, str]]]:
    """Every place with a zone, by area, as people name them; UTC stands alone."""
    areas: dict[str, list[tuple[str, str]]] = {area: [] for area in _AREAS}
    for name in sorted(zone_names()):
        area, _, place = name.partition("/")
        if place and area in areas:
            areas[area].append((name, place.replace("_", " ").replace("/", ", ")))
    return areas
