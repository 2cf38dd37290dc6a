"""For how long a ticket's clocks stood still, by reason: waiting for the customer is told apart from all else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from upheld.policy.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Paused:
    """The wall time in which at least one clock stood still for a reason, nights and weekends included."""

    reason: str
    time: timedelta


def paused_by_reason(ledgers: Iterable[Ledger]) -> tuple[Paused, ...]:
    """Sum up the pauses of a ticket's clocks by reason, in the order in which each reason first held.

    A pause that stops several clocks at once counts once.
    """
    stretches: dict[str, list[tuple[datetime, datetime]]] = {}
    for ledger in ledgers:
        for line in ledger.lines:
            if line.kind == "paused":
                stretches.setdefault(line.reason, []).append((line.start, line.end))
    ordered = sorted(stretches.items(), key=lambda each: min(each[1]))
    return tuple(Paused(reason, _covered(found)) for reason, found in ordered)


def _covered(stretches: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """Return how much time at least one of the stretches covers."""
    covered, reached = timedelta(), None
    for start, end in sorted(stretches):
        begins = start if reached is None else max(start, reached)
        if end > begins:
            covered, reached = covered + (end - begins), end
    return covered
