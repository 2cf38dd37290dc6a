"""How uneven a crowd of generated tickets is: what a living desk has, and even data would hide."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from upheld.lab.generator.tables import TABLES, Row, Rows

_FEW = 4
_LONG = 30
_OFFICE = range(7, 18)
_DONE = ("resolved", "closed")


@dataclass(frozen=True, slots=True)
class Shape:
    """Shares are of 1. `few_write` is what the four busiest organizations write of all that organizations do,
    `busiest_agent` what one agent has of all that is somebody's, `breached` how many verdicts and overdue clocks are
    misses, `long` how many threads have thirty messages and more."""

    messages: float
    longest: int
    long: float
    few_write: float
    busiest_agent: float
    open: float
    waiting: float
    breached: float
    reopened: float
    paused: float
    at_night: float
    with_files: float
    priorities: dict[str, float]


def shape_of(rows: Rows, now: datetime) -> Shape:
    """Measure generated rows."""
    count = len(rows.tickets)
    threads = Counter(_column("message", rows.messages, "ticket_id"))
    categories = Counter(_column("ticket", rows.tickets, "status_category"))
    organizations = _busiest(_column("ticket", rows.tickets, "organization_id"))
    agents = _busiest(_column("ticket", rows.tickets, "assignee_id"))
    received = _column("ticket", rows.tickets, "received_at")
    priorities = Counter(_column("ticket", rows.tickets, "priority"))
    cycles = zip(
        _column("clock", rows.clocks, "ticket_id"), _column("clock", rows.clocks, "cycle"), strict=True
    )
    return Shape(
        messages=len(rows.messages) / count,
        longest=max(threads.values()),
        long=sum(each >= _LONG for each in threads.values()) / count,
        few_write=sum(organizations[:_FEW]) / sum(organizations),
        busiest_agent=agents[0] / sum(agents),
        open=1 - sum(categories[each] for each in _DONE) / count,
        waiting=categories["waiting"] / count,
        breached=_breached(rows, now),
        reopened=len({ticket for ticket, cycle in cycles if cycle > 1}) / count,
        paused=len(set(_column("pause", rows.pauses, "ticket_id"))) / count,
        at_night=sum(at.hour not in _OFFICE or at.weekday() > 4 for at in received) / count,
        with_files=len(set(_column("attachment", rows.attachments, "message_id"))) / len(rows.messages),
        priorities={name: each / count for name, each in priorities.items()},
    )


def _breached(rows: Rows, now: datetime) -> float:
    """Of the clocks that were met or ran out, how many ran out."""
    verdicts = _column("clock", rows.clocks, "verdict")
    due = _column("clock", rows.clocks, "falls_at")
    told = Counter(
        verdict or "breached"
        for verdict, falls_at in zip(verdicts, due, strict=True)
        if verdict or (falls_at is not None and falls_at <= now)
    )
    return told["breached"] / (told["breached"] + told["met"])


def _busiest(named: list[int | None]) -> list[int]:
    return sorted(Counter(each for each in named if each is not None).values(), reverse=True)


def _column(table: str, family: list[Row], name: str) -> list:  # type: ignore[type-arg]
    place = TABLES[table].columns.split(", ").index(name)
    return [row[place] for row in family]
