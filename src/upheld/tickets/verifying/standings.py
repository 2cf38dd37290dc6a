"""The stored standing, and what lists read of it, beside those of the replay."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from upheld.policy import Policy, Standing
from upheld.tickets.models import Ticket
from upheld.tickets.pen import summary
from upheld.tickets.verifying.found import Found

# Of these a clock's own line says more than the whole list.
_LISTS = ("clocks", "consequences")


def compare_standing(stored: Mapping[str, Any], replayed: Standing) -> Iterator[Found]:
    """Yield where a stored standing is not that of the replay at the same instant."""
    new = summary(replayed)
    for name in sorted(stored.keys() | new.keys()):
        if name not in _LISTS and name != "wake_at" and stored.get(name) != new.get(name):
            yield Found.of(f"standing: {name}", stored.get(name), new.get(name))
    clocks = {_clock(each): each for each in stored["clocks"]}
    others = {_clock(each): each for each in new["clocks"]}
    for clock in sorted(clocks.keys() | others.keys()):
        yield from _compare_clock(clock, clocks.get(clock), others.get(clock))


def _clock(data: Mapping[str, Any]) -> tuple[str, int]:
    return str(data["metric"]), int(data["cycle"])


def _compare_clock(
    clock: tuple[str, int], stored: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> Iterator[Found]:
    name = f"clock {clock[0]} {clock[1]}"
    if stored is None or new is None:
        yield Found.of(name, stored and "stored", new and "replayed")
        return
    for key in sorted(stored.keys() | new.keys()):
        if stored.get(key) != new.get(key):
            yield Found.of(f"{name}: {key}", stored.get(key), new.get(key))


def compare_columns(ticket: Ticket, policy: Policy, version_id: int, replayed: Standing) -> Iterator[Found]:
    """Yield where a column that lists read is not what the replay gives it."""
    status, priority = policy.status(replayed.status), policy.priority(replayed.priority)
    later = version_id if version_id != ticket.policy_version_id else None
    columns = {
        "status": status.id,
        "status_category": status.category,
        "priority": priority.id,
        "priority_rank": priority.rank,
        "next_due_at": replayed.next_due_at,
        "later_version_id": later,
    }
    for name, value in columns.items():
        if getattr(ticket, name) != value:
            yield Found.of(f"column {name}", getattr(ticket, name), value)


def compare_wake(ticket: Ticket, expected: datetime | None) -> Iterator[Found]:
    """Yield a ticket that nothing would wake in time. To be woken too early does no harm: it is looked at again."""
    if expected is not None and (ticket.wake_at is None or ticket.wake_at > expected):
        yield Found.of("column wake_at", ticket.wake_at, expected)
