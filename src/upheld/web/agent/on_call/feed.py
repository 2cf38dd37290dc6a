"""The calendar of a rota, for whatever shows calendars: names and shifts, behind a key in its address."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld.people.models import Rota
from upheld.people.rotas import Staffed, staffed, works_on
from upheld.rules.on_call import WEEK, Shift
from upheld.tickets.keys import opens_feed

if TYPE_CHECKING:
    from icalendar import Calendar, Event

WEEKS = 12


@require_safe
def rota_feed(request: HttpRequest, rota_id: int, token: str) -> HttpResponse:
    """Everybody's shifts."""
    rota = Rota.objects.filter(pk=rota_id).select_related("desk").first()
    if rota is None or not opens_feed(rota, token):
        raise Http404
    known = staffed([rota], request.now)[0]
    return _answer(request, known, rota.name, _shifts(request, known))


@require_safe
def own_rota_feed(request: HttpRequest, rota_id: int, agent_id: int, token: str) -> HttpResponse:
    """One agent's shifts, as long as they work on the desk."""
    rota = Rota.objects.filter(pk=rota_id).select_related("desk").first()
    if rota is None or not opens_feed(rota, token, agent_id):
        raise Http404
    known = staffed([rota], request.now)[0]
    agent = known.agents.get(agent_id)
    if agent is not None and not works_on(agent, rota.desk_id):
        raise Http404
    own = [each for each in _shifts(request, known) if each.duty and each.duty.agent_id == agent_id]
    name = _("%(rota)s: my shifts") % {"rota": rota.name}
    return _answer(request, known, name, own)


def _shifts(request: HttpRequest, known: Staffed) -> list[Shift]:
    shifts = known.shifts(request.now, request.now + WEEKS * WEEK)
    return [each for each in shifts if each.duty is not None]


def _answer(request: HttpRequest, known: Staffed, name: str, shifts: Iterable[Shift]) -> HttpResponse:
    body = _calendar(known, name, shifts).to_ical()
    etag = quote_etag(sha256(body).hexdigest())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Content-Disposition"] = 'inline; filename="on-call.ics"'
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return get_conditional_response(request, etag=etag, response=response) or response


def _calendar(known: Staffed, name: str, shifts: Iterable[Shift]) -> Calendar:
    """Instants are written in UTC, so that no program has to know how the clocks of the rota's zone change."""
    # Only who serves a feed pays for the library.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("PRODID", "-//Upheld//on call//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", name)
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    host = urlsplit(settings.UPHELD_URL).hostname or "localhost"
    for shift in shifts:
        calendar.add_component(_event(known, shift, host))
    return calendar


def _event(known: Staffed, shift: Shift, host: str) -> Event:
    from icalendar import Event

    assert shift.duty is not None  # noqa: S101 - a shift of nobody is in no calendar
    agent, event = known.agents[shift.duty.agent_id], Event()
    # No two shifts of a rota begin at one instant, and a swap changes whose it is, not which it is.
    event.add("UID", f"rota-{known.rota.pk}-{shift.starts_at:%Y%m%dT%H%M%SZ}@{host}")
    event.add("DTSTAMP", shift.starts_at)
    event.add("DTSTART", shift.starts_at)
    event.add("DTEND", shift.ends_at)
    event.add("SUMMARY", _("%(name)s on call: %(rota)s") % {"name": agent.name, "rota": known.rota.name})
    event.add("TRANSP", "TRANSPARENT")
    return event
