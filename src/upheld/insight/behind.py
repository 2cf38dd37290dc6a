"""The tickets behind the figures: each number opens to what was counted, as far as the viewer may read it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from django.db.models import Q, QuerySet

from upheld.desks.models import Desk
from upheld.insight.counting import (
    IS_CORRECTED,
    IS_RECLASSIFIED,
    Asked,
    Row,
    clocks_of,
    demand,
    outcome,
    pauses_of,
    told_reason,
)
from upheld.insight.figures import Outcome, Scope, Side
from upheld.tickets.models import ClockResult, PauseSpan
from upheld.tickets.visibility import AgentViewer, open_rows

MARKS = {"corrected": IS_CORRECTED, "reclassified": IS_RECLASSIFIED, "late_calls": Q(late_call=True)}


@dataclass(frozen=True, slots=True)
class Behind(Generic[Row]):
    """What a number counts: the rows with their tickets, in an order, to be cut into pages; and how many more there are
    that the viewer may not read, of which nothing else is told."""

    rows: QuerySet[Row]
    hidden: int


def clocks_behind(
    desk: Desk,
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    scope: Scope,
    viewer: AgentViewer | None,
    metrics: Collection[str] = (),
    side: Side = Side.metric,
    key: str = "",
    outcomes: Collection[Outcome] = (),
    mark: str = "",
    left_out: str = "",
) -> Behind[ClockResult]:
    """Return the clocks behind a number of `month_figures`, in the order in which they fall due.

    Of `side` those of `key`, where the empty key is of those that have none; by metric, all. `mark` is one of MARKS,
    `left_out` a reason for which clocks count for nothing. Each row has its `outcome`. Raises NotAllowed as
    `month_figures` does.
    """
    asked = Asked(desk, start, end, now, scope, viewer)
    demand(asked)
    rows = clocks_of(asked).annotate(outcome=outcome(now))
    if metrics:
        rows = rows.filter(metric__in=metrics)
    match side:
        case Side.priority:
            rows = rows.filter(priority=key)
        case Side.plan:
            rows = rows.filter(plan=key)
        case Side.team:
            rows = (
                rows.filter(team_id=int(key)) if key.isdecimal() and len(key) < 18 else rows.filter(team=None)
            )
    if outcomes:
        rows = rows.filter(outcome__in=[each.value for each in outcomes])
    if mark:
        rows = rows.filter(MARKS[mark])
    if left_out:
        rows = rows.filter(left_out=left_out)
    rows = rows.select_related("ticket", "team").order_by("falls_at", "ticket_id", "metric", "cycle")
    return _read(rows, scope, viewer)


def pauses_behind(
    desk: Desk,
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    scope: Scope,
    viewer: AgentViewer | None,
    status: str | None = None,
    reason: str | None = None,
    by: str | None = None,
    agent: int | None = None,
) -> Behind[PauseSpan]:
    """Return the pauses behind a number of `month_figures`, in the order in which they began.

    `status`, `reason` and an author as a Paused tells them: an `agent`, else the kind of actor `by`; None asks for
    all. Raises NotAllowed as `month_figures` does.
    """
    asked = Asked(desk, start, end, now, scope, viewer)
    demand(asked)
    rows = pauses_of(asked).annotate(told=told_reason(viewer))
    if status is not None:
        rows = rows.filter(status=status)
    if reason is not None:
        rows = rows.filter(told=reason)
    if agent is not None:
        rows = rows.filter(agent_id=agent)
    elif by is not None:
        rows = rows.filter(agent=None, by=by)
    rows = rows.select_related("ticket", "agent__user").order_by("started_at", "ticket_id", "number")
    return _read(rows, scope, viewer)


def _read(rows: QuerySet[Row], scope: Scope, viewer: AgentViewer | None) -> Behind[Row]:
    if viewer is None or scope is Scope.seen:
        return Behind(rows, 0)
    return Behind(rows.filter(open_rows(viewer)), rows.exclude(open_rows(viewer)).count())
