"""Time spent in statuses, in integers of microseconds."""

from dataclasses import dataclass
from typing import NamedTuple

from upheld.policy.parts import Status
from upheld.policy.standing import Verdict


@dataclass(slots=True)
class Stay:
    """A stretch of time in one status, from `start` until the next stay.

    `verdict` is what entering it gives to clocks that still run: abandoned when the ticket was closed by
    itself, or the verdict of the exclusion that was named as the reason.
    """

    start: int
    status: Status
    reason: str | None
    cause: int | None
    verdict: Verdict | None


class Stretch(NamedTuple):
    """A part of a metric's time, [start, end), in which its clocks run or rest."""

    start: int
    end: int
    runs: bool
    stay: Stay
