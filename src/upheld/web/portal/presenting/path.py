"""The path of a customer who is not satisfied, as they read it: who has their request, and by when they hear."""

from collections.abc import Sequence
from dataclasses import dataclass

from upheld.policy import ComplaintStanding
from upheld.tickets.complaints import PathLevel, choices, path_of
from upheld.tickets.models import Ticket
from upheld.web.portal.presenting.say import said_at
from upheld.web.presenting.times import When


@dataclass(frozen=True, slots=True)
class Step:
    """One level. `may_turn` says that the customer may turn there now."""

    level: PathLevel
    since: When | None
    due: When | None
    answered: When | None
    may_turn: bool


def customers_path(ticket: Ticket, complaints: Sequence[ComplaintStanding], zone: str) -> list[Step]:
    """Return the levels of the path, lowest first; none where the policy promises none."""
    levels = path_of(ticket, complaints)
    offered = {each.number for each in choices(levels)}
    return [
        Step(
            level=each,
            since=said_at(each.taken_at, zone) if each.taken_at else None,
            due=said_at(each.due_at, zone) if each.due_at else None,
            answered=said_at(each.answered_at, zone) if each.answered_at else None,
            may_turn=each.number in offered,
        )
        for each in levels
    ]
