"""What a change would do to a ticket: said before anybody makes it, and nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from upheld.policy import (
    Actor,
    Ahead,
    ClockStanding,
    Event,
    Metric,
    Standing,
    ahead,
    evaluate_under,
    reconcile,
)
from upheld.tickets.models import Ticket
from upheld.tickets.pen import read_stories
from upheld.tickets.versions import versions_of


@dataclass(frozen=True, slots=True)
class Promised:
    """The promise of one metric before and after a change; None where the policy gives it no clock.

    `fate` is what becomes of the clock before: the same one, unless the change ends it and another begins.
    """

    metric: Metric
    before: ClockStanding | None
    after: ClockStanding | None
    fate: ClockStanding | None = None

    @property
    def moves(self) -> bool:
        """Whether the change is to be seen at all."""
        return _seen(self.before) != _seen(self.after)


@dataclass(frozen=True, slots=True)
class Course:
    """What a change would make of a ticket: its promises, how it stands then, and what comes by itself after that."""

    promised: tuple[Promised, ...]
    standing: Standing
    ahead: Ahead


def suppose(
    ticket: Ticket, now: datetime, *, fields: Mapping[str, str] | None = None, priority: str | None = None
) -> tuple[Promised, ...]:
    """Return what becomes of the promises that are still open if fields or the priority were set now."""
    told: list[tuple[str, dict[str, Any]]] = [
        ("field", {"name": name, "to": value or None}) for name, value in (fields or {}).items()
    ]
    if priority:
        told.append(("priority", {"to": priority}))
    return _course(ticket, now, told).promised


def suppose_status(ticket: Ticket, now: datetime, status: str | None, *, reply: bool = False) -> Course:
    """Return what would become of a ticket if its status were set now, or if a reply were sent, which may set it."""
    told: list[tuple[str, dict[str, Any]]] = []
    if reply:
        told.append(("message", {"direction": "out", "public": True}))
    if status:
        told.append(("status", {"to": status}))
    return _course(ticket, now, told)


def suppose_priority(ticket: Ticket, now: datetime, priority: str) -> Course:
    """Return what would become of a ticket if its priority were set now."""
    return _course(ticket, now, [("priority", {"to": priority})])


def suppose_all(
    ticket: Ticket, now: datetime, *, priority: str | None, status: str | None, reply: bool
) -> Course:
    """Return what would become of a ticket if several things were done at once, as a macro does them."""
    told: list[tuple[str, dict[str, Any]]] = [("priority", {"to": priority})] if priority else []
    if reply:
        told.append(("message", {"direction": "out", "public": True}))
    if status:
        told.append(("status", {"to": status}))
    return _course(ticket, now, told)


def _course(ticket: Ticket, now: datetime, told: Sequence[tuple[str, dict[str, Any]]]) -> Course:
    recorded = read_stories([ticket.pk])[ticket.pk]
    versions = versions_of(ticket)
    at = max([now, *(each.at for each in recorded.facts)])
    supposed = [
        Event(at, kind, Actor.agent, data, ticket.last_seq + place, now)
        for place, (kind, data) in enumerate(told, 1)
    ]
    story = [*recorded.facts, *supposed]
    before, after = (
        reconcile(evaluate_under(versions.in_force, facts, at), recorded.consequences)[0]
        for facts in (recorded.facts, story)
    )
    return Course(promised(before, after), after, ahead(versions.in_force, story, at))


def promised(before: Standing, after: Standing) -> tuple[Promised, ...]:
    """Return the promises that are open before a change or after it."""
    was, becomes = _latest(before), _latest(after)
    found = []
    for metric in Metric:
        old, new = was.get(metric), becomes.get(metric)
        old = old if _is_open(old) else None
        if old is not None or _is_open(new):
            same = (each for each in after.clocks if old and _is_same(each, old))
            found.append(Promised(metric, old, new, next(same, None)))
    return tuple(found)


def _latest(standing: Standing) -> dict[Metric, ClockStanding]:
    latest: dict[Metric, ClockStanding] = {}
    for clock in standing.clocks:
        if clock.metric not in latest or clock.cycle > latest[clock.metric].cycle:
            latest[clock.metric] = clock
    return latest


def _is_open(clock: ClockStanding | None) -> bool:
    return clock is not None and clock.satisfied_at is None and clock.state != "ended"


def _is_same(one: ClockStanding, other: ClockStanding) -> bool:
    return (one.metric, one.cycle) == (other.metric, other.cycle)


def _seen(clock: ClockStanding | None) -> tuple[object, ...] | None:
    if clock is None:
        return None
    return clock.cycle, clock.due_at, clock.budget, clock.state, clock.target, clock.satisfied_at
