"""How long the tiers of a desk held the tickets of a month."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from upheld.desks.models import Desk
from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.tier_times import TierTimes, tier_times
from upheld.web.agent.months import CalendarMonth
from upheld.web.presenting.times import length, plain_length
from upheld.web.viewer import Workplace, for_agents


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
    month = CalendarMonth.asked_for(request.GET.get("month", ""), desk.zone, request.now)
    before, after = month.moved(-1), month.moved(1)
    report = tier_times(workplace.viewer, desk.pk, month.start, month.end, request.now)
    context: dict[str, Any] = {
        "of_desk": desk,
        "desks": desks if len(desks) > 1 else [],
        "month": month.text,
        "month_words": month.words,
        "before": before.words,
        "before_url": _url(desk, before),
        "after": after.words if after.start <= request.now else "",
        "after_url": _url(desk, after),
        "report": report,
        "rows": [_row(each) for each in report.tiers],
    }
    return render(request, "web/agent/escalation/tiers.html", context)


def _may(workplace: Workplace, desk: Desk) -> bool:
    return allowed(workplace.viewer.roles.get(desk.pk, Role.visitor), Act.read_tier_times)


def _url(desk: Desk, month: CalendarMonth) -> str:
    return f"{reverse('tier_times')}?{urlencode({'desk': desk.slug, 'month': month.text})}"


def _row(times: TierTimes) -> Row:
    return Row(
        times.tier,
        times.tickets,
        plain_length(times.elapsed),
        length(times.working),
        plain_length(times.median_elapsed),
        length(times.median_working),
    )
