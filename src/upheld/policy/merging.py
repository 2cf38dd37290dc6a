"""The facts of a merge: what the ticket that is given up passes on, and how it is undone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from upheld.policy.standing import Metric, Standing
from upheld.policy.story import Actor, Event


def merge(
    source: Standing, source_name: str, survivor_name: str, at: datetime, actor: Actor = Actor.agent
) -> tuple[Event, Event]:
    """Return the facts for the ticket that is merged, and for the one that survives.

    `source` is the standing of the former at `at`. Verdicts stay where they were given; the clocks without one are
    passed on with their original due instants. A cadence is not: the survivor has its own.
    """
    passed_on = {"source": source_name, "clocks": open_clocks(source)}
    return (
        Event(at, "merged", actor, {"into": survivor_name}),
        Event(at, "absorbed", actor, passed_on),
    )


def undo_merge(source_name: str, at: datetime, actor: Actor = Actor.agent) -> tuple[Event, Event]:
    """Return the facts that void a merge, for the ticket that had been merged and for the survivor."""
    return (
        Event(at, "merge_undone", actor),
        Event(at, "absorption_undone", actor, {"source": source_name}),
    )


def open_clocks(standing: Standing) -> Sequence[dict[str, Any]]:
    """Return the clocks that a merge passes on, as data of a fact."""
    listed = standing.to_json()["clocks"]
    names = ("metric", "target", "target_label", "calendar", "started_at", "budget", "used", "due_at")
    return [
        {name: each[name] for name in names}
        for each in listed
        if each["verdict"] is None and each["metric"] != Metric.update
    ]
