"""How long the tiers of a desk held the tickets of a month."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import MONTHS
from django.views.decorators.http import require_safe

from upheld.desks.models import Desk
from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.tier_times import TierTimes, tier_times
from upheld.web.presenting.times import length, plain_length
from upheld.web.viewer import Workplace, for_agents

_MONTH = re.compile(r"\A(?P<year>20[0-9]{2})-(?P<month>0[1-9]|1[0-2])\Z")


@dataclass(frozen=True, slots=True)
class Row:
    tier: str
    tickets: int
    elapsed: str
    working: str
    median_elapsed: str
    median_working: str


@require_safe
@for_agents
def tiers(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Show a month of a desk on which this agent may look at it; for everybody else there is nothing."""
    desks = [each for each in workplace.desks if _may(workplace, each)]
    if not desks:
        raise Http404
    slug = request.GET.get("desk", "")
    desk = next((each for each in desks if each.slug == slug), None if slug else desks[0])
    if desk is None:
        raise Http404
    zone = ZoneInfo(desk.zone)
    first = _month(request.GET.get("month", ""), request.now.astimezone(zone).date())
    following = _moved(first, 1)
    report = tier_times(workplace.viewer, desk.pk, _start(first, zone), _start(following, zone), request.now)
    context: dict[str, Any] = {
        "of_desk": desk,
        "desks": desks if len(desks) > 1 else [],
        "month": f"{first:%Y-%m}",
        "month_words": _words(first),
        "before": _words(_moved(first, -1)),
        "before_url": _url(desk, _moved(first, -1)),
        "after": _words(following) if _start(following, zone) <= request.now else "",
        "after_url": _url(desk, following),
        "report": report,
        "rows": [_row(each) for each in report.tiers],
    }
    return render(request, "web/agent/escalation/tiers.html", context)


def _may(workplace: Workplace, desk: Desk) -> bool:
    return allowed(workplace.viewer.roles.get(desk.pk, Role.visitor), Act.read_tier_times)


def _month(text: str, today: date) -> date:
    found = _MONTH.match(text)
    return date(int(found["year"]), int(found["month"]), 1) if found else today.replace(day=1)


def _moved(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _words(first: date) -> str:
    return f"{MONTHS[first.month]} {first.year}"


def _url(desk: Desk, first: date) -> str:
    return f"{reverse('tier_times')}?{urlencode({'desk': desk.slug, 'month': f'{first:%Y-%m}'})}"


def _row(times: TierTimes) -> Row:
    return Row(
        times.tier,
        times.tickets,
        plain_length(times.elapsed),
        length(times.working),
        plain_length(times.median_elapsed),
        length(times.median_working),
    )
