"""The effect of a publication as rows: to be kept with a draft, and to be taken along as a table."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo
from io import StringIO
from typing import Any

from upheld.policy import Metric, Mode, Moved, Verdict
from upheld.tickets.publication_effect import Change, ChangedClock, DeskEffect, Lost

HEADINGS = (
    "ticket",
    "clock",
    "cycle",
    "change",
    "due before",
    "due after",
    "moved by (seconds)",
    "target before",
    "target after",
    "left before (seconds)",
    "left after (seconds)",
    "why it stays",
)
_SECOND = timedelta(seconds=1)


def effect_json(effect: DeskEffect) -> dict[str, Any]:
    """Return an effect as plain JSON."""
    return {
        "at": effect.at.isoformat(),
        "tickets": effect.tickets,
        "done_by_then": effect.done_by_then,
        "lost": [[each.what, each.id, each.label, each.tickets] for each in effect.lost],
        "clocks": {mode.value: [_row(each) for each in listed] for mode, listed in effect.clocks.items()},
    }


def effect_from_json(data: dict[str, Any]) -> DeskEffect:
    """Read what `effect_json` returned."""
    return DeskEffect(
        at=datetime.fromisoformat(data["at"]),
        tickets=data["tickets"],
        done_by_then=data["done_by_then"],
        lost=[Lost(*each) for each in data["lost"]],
        clocks={Mode(mode): [_clock(each) for each in rows] for mode, rows in data["clocks"].items()},
    )


def _row(clock: ChangedClock) -> list[Any]:
    moved = clock.moved
    return [
        clock.ticket,
        clock.change.value,
        moved.metric.value,
        moved.cycle,
        moved.target,
        moved.new_target,
        moved.due_at and moved.due_at.isoformat(),
        moved.new_due_at and moved.new_due_at.isoformat(),
        moved.new_verdict and moved.new_verdict.value,
        moved.stays,
        None if moved.left is None else moved.left / _SECOND,
        None if moved.new_left is None else moved.new_left / _SECOND,
    ]


def _clock(row: list[Any]) -> ChangedClock:
    ticket, change, metric, cycle, target, new_target, due, new_due, verdict, stays, left, new_left = row
    moved = Moved(
        Metric(metric),
        cycle,
        target,
        new_target,
        due and datetime.fromisoformat(due),
        new_due and datetime.fromisoformat(new_due),
        verdict and Verdict(verdict),
        stays,
        None if left is None else timedelta(seconds=left),
        None if new_left is None else timedelta(seconds=new_left),
    )
    return ChangedClock(ticket, Change(change), moved)


def effect_table(clocks: Iterable[ChangedClock], zone: tzinfo) -> Iterator[str]:
    """Yield the lines of a CSV table, with every instant in a zone."""
    yield _line(HEADINGS)
    for clock in clocks:
        moved = clock.moved
        by = moved.new_due_at - moved.due_at if moved.due_at and moved.new_due_at else None
        yield _line(
            (
                clock.ticket,
                moved.metric.value,
                moved.cycle,
                clock.change.value,
                _local(moved.due_at, zone),
                _local(moved.new_due_at, zone),
                _seconds(by),
                moved.target,
                moved.new_target or "",
                _seconds(moved.left),
                _seconds(moved.new_left),
                moved.stays,
            )
        )


def _local(at: datetime | None, zone: tzinfo) -> str:
    return "" if at is None else at.astimezone(zone).isoformat(sep=" ")


def _seconds(amount: timedelta | None) -> str:
    return "" if amount is None else f"{amount / _SECOND:.0f}"


def _line(values: Iterable[object]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()
