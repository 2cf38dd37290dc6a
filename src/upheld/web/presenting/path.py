"""How far a ticket has gone on the path of a customer who is not satisfied."""

from collections.abc import Sequence
from dataclasses import dataclass

from upheld.tickets.complaints import PathLevel, next_level, path_of
from upheld.tickets.models import Ticket
from upheld.web.presenting.times import Times, When


@dataclass(frozen=True, slots=True)
class PathRow:
    level: PathLevel
    since: When | None


@dataclass(frozen=True, slots=True)
class PathView:
    levels: Sequence[PathRow]
    next: PathLevel | None


def path_view(ticket: Ticket, times: Times) -> PathView | None:
    """Return the path, or None where the policy promises none."""
    levels = path_of(ticket)
    if not levels:
        return None
    rows = [PathRow(each, times.when(each.taken_at) if each.taken_at else None) for each in levels]
    return PathView(rows, next_level(levels))
