"""How a desk kept its promises in a month, with a list behind every number."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upheld.insight.compliance import month_figures
from upheld.insight.figures import Month, Outcome, Scope, Side
from upheld.rules.permissions import Act
from upheld.web.agent.compliance.wanted import Wanted
from upheld.web.agent.desk.guard import desks_where
from upheld.web.presenting.compliance import goals, left_out, pauses, tables
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

# Reasons are what people wrote: a month may have as many as pauses. Those with the most time come first.
MOST_PAUSES = 60


@require_safe
@for_agents
def compliance(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """The figures of a month; for whoever works on no desk there is nothing."""
    wanted = Wanted.of(request, workplace)
    if wanted.desk.pk not in workplace.versions:
        shown = around(request, workplace, wanted)
        return render(request, "web/agent/compliance/page.html", shown | {"no_policy": True})
    month = month_figures(
        wanted.desk,
        wanted.month.start,
        wanted.month.end,
        request.now,
        scope=wanted.scope,
        viewer=workplace.viewer,
    )
    context = {
        "goals": goals(month, wanted.clocks),
        "tables": tables(month, wanted.clocks),
        "left_out": left_out(month, wanted.clocks),
        "pauses": pauses(month, wanted.pauses)[:MOST_PAUSES],
        "more_pauses": max(0, len(month.pauses) - MOST_PAUSES),
        "pauses_url": wanted.pauses(),
        "tickets": month.tickets,
        "late_calls": month.late_calls,
        "pending": _sum(month, Outcome.pending),
        "pending_url": wanted.clocks(outcomes=(Outcome.pending,)),
        "administers": wanted.desk in desks_where(workplace, Act.administer),
        "reads_tier_times": wanted.desk in desks_where(workplace, Act.read_tier_times),
    }
    return render(request, "web/agent/compliance/page.html", context | around(request, workplace, wanted))


def around(request: HttpRequest, workplace: Workplace, wanted: Wanted) -> dict[str, Any]:
    """What every page of a month says: which it is, of which desk, over which tickets, and which are beside it."""
    before, after = wanted.month.moved(-1), wanted.month.moved(1)
    times = Times(workplace.zone, request.now)
    return {
        "of_desk": wanted.desk,
        "desks": wanted.desks if len(wanted.desks) > 1 else (),
        "month": wanted.month.text,
        "month_words": wanted.month.words,
        "goes_on": wanted.month.end > request.now,
        "before": before.words,
        "before_url": wanted.figures(month=before),
        "after": after.words if after.start <= request.now else "",
        "after_url": wanted.figures(month=after),
        "at": times.when(request.now),
        "zone_name": times.zone_name,
        "is_whole": wanted.scope is Scope.whole,
        "scope": wanted.scope.value if wanted.may_see_whole else "",
        "whole_url": wanted.figures(scope=Scope.whole) if wanted.may_see_whole else "",
        "seen_url": wanted.figures(scope=Scope.seen) if wanted.may_see_whole else "",
    }


def _sum(month: Month, outcome: Outcome) -> int:
    return sum(each.outcomes.get(outcome, 0) for each in month.by(Side.metric))
