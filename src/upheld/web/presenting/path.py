"""How far a ticket has gone on the path of a customer who is not satisfied."""

from collections.abc import Sequence
from dataclasses import dataclass

from upheld.policy import ComplaintStanding
from upheld.tickets.complaints import PathLevel, choices, path_of
from upheld.tickets.models import Ticket
from upheld.web.presenting.times import Times, When


@dataclass(frozen=True, slots=True)
class PathRow:
    level: PathLevel
    since: When | None
    due: When | None
    answered: When | None


@dataclass(frozen=True, slots=True)
class PathView:
    levels: Sequence[PathRow]
    choices: Sequence[PathLevel]


def path_view(ticket: Ticket, times: Times, complaints: Sequence[ComplaintStanding] = ()) -> PathView | None:
    """Return the path, or None where the policy promises none. `complaints` are how those on the ticket stand."""
    levels = path_of(ticket, complaints)
    if not levels:
        return None
    rows = [
        PathRow(
            each, times.optional(each.taken_at), times.optional(each.due_at), times.optional(each.answered_at)
        )
        for each in levels
    ]
    return PathView(rows, choices(levels))
