"""What a change would do to a ticket's promises: said before anybody makes it, and nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from upheld.policy import Actor, ClockStanding, Event, Metric, Standing, evaluate_under, reconcile
from upheld.tickets.models import Ticket
from upheld.tickets.pen import read_stories
from upheld.tickets.versions import versions_of


@dataclass(frozen=True, slots=True)
class Promised:
    """The promise of one metric before and after a change; None where the policy gives it no clock."""

    metric: Metric
    before: ClockStanding | None
    after: ClockStanding | None

    @property
    def moves(self) -> bool:
        """Whether the change is to be seen at all."""
        return _seen(self.before) != _seen(self.after)


def suppose(
    ticket: Ticket, now: datetime, *, fields: Mapping[str, str] | None = None, priority: str | None = None
) -> tuple[Promised, ...]:
    """Return what becomes of the promises that are still open if fields or the priority were set now."""
    recorded = read_stories([ticket.pk])[ticket.pk]
    versions = versions_of(ticket)
    at = max([now, *(each.at for each in recorded.facts)])
    told = [("field", {"name": name, "to": value or None}) for name, value in (fields or {}).items()]
    if priority:
        told.append(("priority", {"to": priority}))
    supposed = [
        Event(at, kind, Actor.agent, data, ticket.last_seq + place, now)
        for place, (kind, data) in enumerate(told, 1)
    ]
    before, after = (
        _open_clocks(reconcile(evaluate_under(versions.in_force, story, at), recorded.consequences)[0])
        for story in (recorded.facts, [*recorded.facts, *supposed])
    )
    return tuple(
        Promised(metric, before.get(metric), after.get(metric))
        for metric in Metric
        if metric in before or metric in after
    )


def _open_clocks(standing: Standing) -> dict[Metric, ClockStanding]:
    """The latest clock of each metric, where nobody has met it yet."""
    latest: dict[Metric, ClockStanding] = {}
    for clock in standing.clocks:
        if clock.metric not in latest or clock.cycle > latest[clock.metric].cycle:
            latest[clock.metric] = clock
    return {metric: clock for metric, clock in latest.items() if clock.satisfied_at is None}


def _seen(clock: ClockStanding | None) -> tuple[object, ...] | None:
    return clock and (clock.due_at, clock.budget, clock.state, clock.target)
