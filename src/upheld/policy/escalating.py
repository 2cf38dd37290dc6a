"""What is to come of a ticket's ladders, and what has become of its customer's complaints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.clock import from_micros, to_micros
from upheld.policy.clocks import clocks_of
from upheld.policy.complaints import ComplaintStanding, standings
from upheld.policy.ladders import coming
from upheld.policy.path import InForce
from upheld.policy.story import Event
from upheld.policy.walk import follow


@dataclass(frozen=True, slots=True)
class ComingRung:
    """A step of a ladder that is still to come, the first being 1.

    `at` is empty while the ladder stands still. With `if_missed` it comes only if the due instant passes from which
    the ladder counts.
    """

    ladder: str
    step: int
    at: datetime | None
    if_missed: bool


def coming_rungs(versions: Sequence[InForce], story: Sequence[Event], at: datetime) -> tuple[ComingRung, ...]:
    """Return the steps of ladders that a ticket will come to after `at` if all goes on as it does then."""
    if not any(each.policy.ladders for each in versions):
        return ()
    now = to_micros(at)
    path = follow(versions, story, now)
    return tuple(
        ComingRung(each.ladder, each.step, None if each.at is None else from_micros(each.at), each.if_missed)
        for each in coming(path, clocks_of(path, now), now)
    )


def complaints_under(
    versions: Sequence[InForce], story: Sequence[Event], at: datetime
) -> tuple[ComplaintStanding, ...]:
    """Return what has become by `at` of the customer's complaints, in their order."""
    now = to_micros(at)
    return standings(follow(versions, story, now).complaints, now)
