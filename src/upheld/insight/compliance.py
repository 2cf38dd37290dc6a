"""The figures of a month of a desk: how its promises were kept, what counts for nothing, and when clocks stood still.

Verdicts belong to the month in which they fell due. What is open and has run out is missed; what is left out, passed
on, spam, or was closed unanswered is told and counts for nothing. A share is an exact fraction.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Greatest, Least, NullIf

from upheld.desks.models import Desk
from upheld.insight.counting import (
    IS_CORRECTED,
    IS_RECLASSIFIED,
    Asked,
    clocks_of,
    demand,
    outcome,
    pauses_of,
    told_reason,
)
from upheld.insight.figures import Exclusion, Held, Line, Month, Outcome, Paused, Scope, Side
from upheld.insight.naming import Names, names_of
from upheld.policy import Metric, Objective
from upheld.tickets.models import ClockResult
from upheld.tickets.visibility import AgentViewer

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
# No reason has such an id.
_ALL = "*"
_Key = tuple[str, Side, str]


@dataclass(slots=True)
class _Counts:
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)


def month_figures(
    desk: Desk,
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    scope: Scope,
    viewer: AgentViewer | None,
) -> Month:
    """Return the figures of a desk for [start, end), a month of its zone, as they stand at `now`.

    With `Scope.seen` they count the tickets that the viewer may read; with `Scope.whole` all of the desk, for its
    auditors, or for whoever owns the machine (no viewer). Raises NotAllowed for everybody else.
    """
    asked = Asked(desk, start, end, now, scope, viewer)
    demand(asked)
    rows, names = clocks_of(asked), names_of(desk, now)
    counted = _counted(rows, now)
    lines, left_out = _lines(counted, names), _exclusions(rows, names)
    return Month(
        desk_id=desk.pk,
        zone=desk.zone,
        start=start,
        end=end,
        at=now,
        scope=scope,
        lines=lines,
        objectives=[_held(each, asked, names, lines) for each in names.policy.objectives],
        exclusions=[each for each in left_out if each.reason != _ALL],
        pauses=_pauses(asked),
        tickets=sum(each.tickets for each in left_out if each.reason == _ALL),
        late_calls=sum(line.late_calls for line in lines if line.side is Side.metric),
        labels={**names.reasons, **names.statuses},
    )


def _counted(rows: QuerySet[ClockResult], now: datetime) -> dict[_Key, _Counts]:
    """Count the clocks in one query, and add them up by each side."""
    groups = (
        rows.order_by()
        .annotate(
            outcome=outcome(now),
            corrected=ExpressionWrapper(IS_CORRECTED, output_field=BooleanField()),
            reclassified=ExpressionWrapper(IS_RECLASSIFIED, output_field=BooleanField()),
        )
        .values_list(
            "metric", "priority", "plan", "team_id", "outcome", "corrected", "reclassified", "late_call"
        )
        .annotate(clocks=Count("*"))
    )
    counted: defaultdict[_Key, _Counts] = defaultdict(_Counts)
    for metric, priority, plan, team, became, corrected, reclassified, late_call, clocks in groups:
        keys = {
            Side.metric: metric,
            Side.priority: priority,
            Side.plan: plan,
            Side.team: "" if team is None else str(team),
        }
        marks = {"corrected": corrected, "reclassified": reclassified, "late_calls": late_call}
        for side, key in keys.items():
            counts = counted[metric, side, key]
            counts.outcomes[Outcome(became)] += clocks
            counts.marks.update({name: clocks for name, has in marks.items() if has})
    return counted


def _lines(counted: Mapping[_Key, _Counts], names: Names) -> list[Line]:
    """Return a line for each metric and each of its priorities, plans and teams, in the order of the policy."""
    metrics = {metric.value: place for place, metric in enumerate(Metric)}
    found = [
        Line(
            metric=metric,
            side=side,
            key=key,
            label=names.label(side, key),
            outcomes=dict(counts.outcomes),
            corrected=counts.marks["corrected"],
            reclassified=counts.marks["reclassified"],
            late_calls=counts.marks["late_calls"],
        )
        for (metric, side, key), counts in counted.items()
    ]
    sides = list(Side)
    return sorted(
        found,
        key=lambda each: (metrics[each.metric], sides.index(each.side), names.place(each.side, each.key)),
    )


def _held(objective: Objective, asked: Asked, names: Names, lines: Iterable[Line]) -> Held:
    """Count an objective over its own period, which is longer than the month where it asks for that."""
    metrics = [each.value for each in objective.metrics]
    if objective.period != "month":
        begins, ends = period_around(asked.start, objective.period, asked.desk.zone)
        asked = replace(asked, start=begins, end=ends)
        lines = _lines(_counted(clocks_of(asked).filter(metric__in=metrics), asked.now), names)
    whole = [each for each in lines if each.side is Side.metric and each.metric in metrics]
    met = sum(each.outcomes.get(Outcome.met, 0) for each in whole)
    counted = sum(each.counted for each in whole)
    percent = Fraction(objective.percent)
    return Held(
        metrics=metrics,
        percent=percent,
        period=objective.period,
        assumed=objective.assumed,
        met=met,
        counted=counted,
        is_reached=Fraction(met, counted) >= percent / 100 if counted else None,
        start=asked.start,
        end=asked.end,
    )


def period_around(start: datetime, period: str, zone: str) -> tuple[datetime, datetime]:
    """Return the month, quarter or year of a zone in which an instant lies."""
    months, local = _MONTHS[period], start.astimezone(ZoneInfo(zone))
    first = local.year * 12 + (local.month - 1) // months * months
    begins, ends = (
        datetime(each // 12, each % 12 + 1, 1, tzinfo=ZoneInfo(zone)) for each in (first, first + months)
    )
    return begins, ends


def _exclusions(rows: QuerySet[ClockResult], names: Names) -> list[Exclusion]:
    """Count what is left out by its reasons, and beside it, in the same query, all clocks and their tickets."""
    numbers = {"clocks": Count("*"), "tickets": Count("ticket_id", distinct=True)}
    left_out = rows.order_by().annotate(why=F("left_out")).exclude(left_out="").values_list("why")
    of_all = rows.order_by().annotate(why=Value(_ALL)).values_list("why")
    counted = left_out.annotate(**numbers).union(of_all.annotate(**numbers), all=True)
    found = [Exclusion(reason, names.reason(reason), *numbers) for reason, *numbers in counted]
    return sorted(found, key=lambda each: (-each.clocks, each.reason))


def _pauses(asked: Asked) -> list[Paused]:
    """Sum up the pauses of a month by reason and author, each cut to the month."""
    if asked.now <= asked.start:
        return []
    until = Value(min(asked.end, asked.now))
    within = Least(Coalesce("ended_at", until), until) - Greatest("started_at", Value(asked.start))
    of_tickets = (
        pauses_of(asked)
        .order_by()
        .annotate(
            told=told_reason(asked.viewer),
            name=Coalesce(
                NullIf("agent__user__name", Value("")), "agent__user__email", output_field=CharField()
            ),
        )
        .values(*_AUTHORED, "ticket_id")
        .annotate(pauses=Count("*"), time=Sum(ExpressionWrapper(within, output_field=DurationField())))
    )
    groups = _summed(of_tickets, _AUTHORED, ("pauses", "time"))
    listed = [
        Paused(
            status=status,
            reason=reason,
            author=name or by,
            agent_id=agent,
            pauses=int(pauses),
            tickets=tickets,
            time=time,
        )
        for status, reason, by, agent, name, pauses, time, tickets in groups
    ]
    return sorted(listed, key=lambda each: (-each.time, each.status, each.reason, each.author))


_AUTHORED = ("status", "told", "by", "agent_id", "name")


def _summed(
    of_tickets: QuerySet[Any, Any], keys: Sequence[str], sums: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Add up groups of one ticket each: their keys, the sums, and of how many tickets. To count tickets apart in each
    group would sort every row."""
    inner, values = of_tickets.query.sql_with_params()
    columns = ", ".join(f'"{each}"' for each in keys)
    added = ", ".join(f'sum("{each}")' for each in sums)
    statement = f"select {columns}, {added}, count(*) from ({inner}) of_tickets group by {columns}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
