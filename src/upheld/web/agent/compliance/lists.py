"""The lists behind the numbers: clocks and pauses of a month, each with its ticket, as far as one may read it."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upheld.insight.behind import clocks_behind, pauses_behind
from upheld.insight.corrections import corrections_of
from upheld.insight.naming import names_of
from upheld.web.agent.compliance.page import around
from upheld.web.agent.compliance.wanted import Wanted
from upheld.web.presenting.compliance import author_words, pause_words
from upheld.web.presenting.compliance_lists import chosen_clocks, clock_rows, pause_rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

PAGE_SIZE = 50
Row = TypeVar("Row", bound=Model)


@require_safe
@for_agents
def clocks(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """One page of the clocks behind a number."""
    wanted = _wanted(request, workplace)
    choice: dict[str, Any] = {
        name: getattr(wanted, name) for name in ("metrics", "side", "key", "outcomes", "mark", "left_out")
    }
    behind = clocks_behind(
        wanted.desk,
        wanted.month.start,
        wanted.month.end,
        request.now,
        scope=wanted.scope,
        viewer=workplace.viewer,
        **choice,
    )
    rows, paged = _page(behind.rows.select_related("ticket__requester", "team"), wanted, "compliance_clocks")
    corrected = corrections_of({each.ticket_id for each in rows if each.correction})
    context = {
        "rows": clock_rows(rows, corrected, Times(workplace.zone, request.now)),
        "hidden": behind.hidden,
        "chosen": chosen_clocks(names_of(wanted.desk, request.now), **choice),
        "figures_url": wanted.figures(),
    }
    shown = context | paged | around(request, workplace, wanted)
    return render(request, "web/agent/compliance/clocks.html", shown)


@require_safe
@for_agents
def pauses(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """One page of the pauses behind a number."""
    wanted = _wanted(request, workplace)
    start, end = wanted.month.start, wanted.month.end
    behind = pauses_behind(
        wanted.desk,
        start,
        end,
        request.now,
        scope=wanted.scope,
        viewer=workplace.viewer,
        status=wanted.status,
        reason=wanted.reason,
        by=wanted.by,
        agent=wanted.agent,
    )
    around_it = ("ticket__requester", "agent__user")
    rows, paged = _page(behind.rows.select_related(*around_it), wanted, "compliance_pauses")
    names, times = names_of(wanted.desk, request.now), Times(workplace.zone, request.now)
    told = pause_rows(rows, names, start, min(end, request.now), times)
    chosen = []
    if wanted.status is not None or wanted.reason is not None:
        chosen.append(pause_words(names.status(wanted.status or ""), wanted.reason or ""))
    if wanted.agent is not None or wanted.by is not None:
        chosen.append(told[0].author if told else author_words(wanted.by or "", wanted.agent))
    context = {
        "rows": told,
        "hidden": behind.hidden,
        "chosen": [each for each in chosen if each],
        "figures_url": wanted.figures(),
    }
    shown = context | paged | around(request, workplace, wanted)
    return render(request, "web/agent/compliance/pauses.html", shown)


def _wanted(request: HttpRequest, workplace: Workplace) -> Wanted:
    """What the address asks for. Without a policy nothing was promised, and there is nothing behind a number."""
    wanted = Wanted.of(request, workplace)
    if wanted.desk.pk not in workplace.versions:
        raise Http404
    return wanted


def _page(rows: "QuerySet[Row]", wanted: Wanted, place: str) -> tuple[list[Row], dict[str, str]]:
    """The rows of the page that is asked for, and where the pages beside it are."""
    start = (wanted.page - 1) * PAGE_SIZE
    found = list(rows[start : start + PAGE_SIZE + 1])
    following = wanted.url(place, page=wanted.page + 1) if len(found) > PAGE_SIZE else ""
    first = wanted.url(place, page=1) if wanted.page > 1 else ""
    return found[:PAGE_SIZE], {"first_page": first, "next_page": following}
