"""What the last verification found: whether everything that is stored is what the stories make of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from upheld.desks.models import Desk
from upheld.tickets.models import Difference, Verification
from upheld.tickets.verifying import NIGHTLY, begin, is_under_way
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.desk.sections import Section, read_id
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

PAGE_SIZE = 50
RUNS = 14


def runs_of(desk: Desk) -> QuerySet[Verification]:
    """The runs that looked at a desk, the newest first."""
    return Verification.objects.filter(desk=desk).order_by("-started_at", "-pk")


def differences_of(runs: Sequence[Verification], workplace: Workplace, desk: Desk) -> QuerySet[Difference]:
    """What runs found on a desk, of tickets that this agent may see."""
    seen = visible_tickets(workplace.viewer).filter(desk=desk).values("pk")
    return Difference.objects.filter(verification__in=runs, ticket_id__in=seen).order_by("pk")


def _context(request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent) -> Mapping[str, Any]:
    times = Times(workplace.zone, request.now)
    runs = list(runs_of(desk)[:RUNS])
    ended = [each for each in runs if each.ended_at]
    counted = (
        differences_of(ended, workplace, desk).order_by().values_list("verification").annotate(Count("pk"))
    )
    differences = dict(counted)
    found = differences_of(ended[:1], workplace, desk)
    if after := read_id(request.GET.get("after", "")):
        found = found.filter(pk__gt=after)
    rows = list(found[: PAGE_SIZE + 1]) if ended else []
    told = [_run(each, differences.get(each.pk, 0), times) for each in ended]
    waits = len(ended) < len(runs)
    return {
        "latest": told[0] if told else None,
        "found": rows[:PAGE_SIZE],
        "next_page": "?" + urlencode({"after": rows[PAGE_SIZE - 1].pk}) if len(rows) > PAGE_SIZE else "",
        "earlier": told[1:],
        "waits": waits,
        "is_under_way": waits and is_under_way(),
        "zone_name": times.zone_name,
    }


def _run(run: Verification, differences: int, times: Times) -> dict[str, Any]:
    ended = run.ended_at or run.started_at
    return {
        "at": times.when(run.started_at),
        "by": run.by,
        "is_nightly": run.by == NIGHTLY,
        "seconds": max(1, round((ended - run.started_at).total_seconds())),
        "counts": run.counts,
        "differences": differences,
    }


section = Section("desk_proof", "web/agent/desk/proof.html", _context)


@section.deed("verify")
def verify(request: HttpRequest, workplace: Workplace, desk: Desk) -> str:
    begin(workplace.agent.name, request.now, desk)
    return _("Ordered. A worker begins within a minute; this page shows what it finds.")
