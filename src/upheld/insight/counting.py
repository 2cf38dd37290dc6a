"""The rows that figures are counted from: whose they are, when they fall, and what became of each."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Case, CharField, F, Model, Q, QuerySet, Value, When

from upheld.desks.models import Desk
from upheld.insight.figures import Outcome, Scope
from upheld.people.auditors import audited
from upheld.policy import Verdict
from upheld.rules.permissions import Act, NotAllowed, Role, allowed
from upheld.tickets.models import ClockResult, PauseSpan
from upheld.tickets.models.results import LASTED
from upheld.tickets.results import RECLASSIFIED, SPAM
from upheld.tickets.visibility import AgentViewer, open_rows

Row = TypeVar("Row", bound=Model)
IS_CORRECTED = ~Q(correction="")
IS_RECLASSIFIED = Q(cause__in=RECLASSIFIED, verdict=Verdict.breached.value, correction="")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the figures of a desk for [start, end) as they stand at `now`, over the tickets of a scope, by
    somebody; without a viewer by whoever owns the machine."""

    desk: Desk
    start: datetime
    end: datetime
    now: datetime
    scope: Scope
    viewer: AgentViewer | None


def demand(asked: Asked) -> None:
    """Raise NotAllowed for figures that somebody may not see. Whoever owns the machine sees the whole."""
    desk, scope, viewer = asked.desk, asked.scope, asked.viewer
    if viewer is None:
        if scope is not Scope.whole:
            raise ValueError("Without a viewer there is only the whole.")
        return
    if not allowed(viewer.roles.get(desk.pk, Role.visitor), Act.read_compliance):
        raise NotAllowed(f"You may not {Act.read_compliance.value} on this desk.")
    if scope is Scope.whole and not audited(viewer.agent_id, [desk.pk]):
        raise NotAllowed("The figures over all tickets of a desk are for its auditors.")


def clocks_of(asked: Asked) -> QuerySet[ClockResult]:
    """Return the clocks of a desk that fall due in [start, end), of tickets that somebody may read, or of all."""
    rows = ClockResult.objects.filter(desk=asked.desk, falls_at__gte=asked.start, falls_at__lt=asked.end)
    return _seen(rows, asked)


def pauses_of(asked: Asked) -> QuerySet[PauseSpan]:
    """Return the pauses of a desk that reach into [start, end), as far as they have begun by `now`.

    Those that neither begin nor end in it cover it all, and are found without a look at every pause there ever was.
    """
    start, end = asked.start, min(asked.end, asked.now)
    if end <= start:
        return PauseSpan.objects.none()
    begun, before = Q(started_at__gte=start, started_at__lt=end), Q(started_at__lt=start)
    ended, goes_on = Q(ended_at__gt=start, ended_at__lte=end), Q(ended_at=None)
    rows = PauseSpan.objects.filter(
        begun | before & (ended | goes_on | LASTED & Q(ended_at__gt=end)), desk=asked.desk
    )
    return _seen(rows, asked)


def _seen(rows: "QuerySet[Row]", asked: Asked) -> "QuerySet[Row]":
    if asked.scope is Scope.whole or asked.viewer is None:
        return rows
    return rows.filter(open_rows(asked.viewer))


def outcome(now: datetime) -> Case:
    """What became of a clock, as it stands at `now`; the verdict that holds is the corrected one."""
    has_run_out = Q(verdict="", falls_at__lte=now)
    breached = Value(Verdict.breached.value)
    return Case(
        When(left_out=SPAM, then=Value(Outcome.spam.value)),
        When(has_run_out, then=Value(Outcome.overdue.value)),
        When(verdict="", then=Value(Outcome.pending.value)),
        When(Q(correction="", verdict=breached, owed=True), then=Value(Outcome.overdue.value)),
        When(Q(correction=breached) | Q(correction="", verdict=breached), then=Value(Outcome.missed.value)),
        default=Case(When(correction="", then=F("verdict")), default=F("correction")),
        output_field=CharField(),
    )


def told_reason(viewer: AgentViewer | None) -> Case:
    """The reason of a pause as far as the viewer may read it: on a ticket that they may not read it is untold. Whoever
    owns the machine is told the words of no restricted ticket."""
    told = Q(restricted=False) if viewer is None else open_rows(viewer)
    return Case(When(told, then=F("reason")), default=Value(""), output_field=CharField())
