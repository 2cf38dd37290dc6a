"""Where a ticket has been, and what stopped its clocks, in integers of microseconds."""

from dataclasses import dataclass
from typing import NamedTuple

from upheld.policy.parts import Status
from upheld.policy.standing import Metric, Verdict
from upheld.policy.story import Actor


@dataclass(slots=True)
class Stay:
    """A stretch of time in one status, from `start` until the next stay.

    `verdict` is what entering it gives to clocks that still run: abandoned when the ticket was closed by
    itself, the verdict of the exclusion that was named as the reason, or transferred when it was merged.
    """

    start: int
    status: Status
    reason: str | None
    cause: int | None
    author: Actor | None
    verdict: Verdict | None
    verdict_cause: str = ""


@dataclass(slots=True)
class Pause:
    """A stretch of time in which somebody stopped clocks, of these metrics or of all. `end` is None while it lasts.

    `together` marks the one in which customers are told of a problem for all of its tickets at once: the cadence of the
    problem runs instead, so that even targets stand still that no other pause stops. So do they under `spam`, of
    which the desk said that it is no request.
    """

    start: int
    end: int | None
    metrics: frozenset[Metric] | None
    reason: str
    cause: int | None
    author: Actor
    together: bool = False
    spam: bool = False

    @property
    def lifts(self) -> bool:
        """Whether it is of a kind that a target may run through."""
        return not (self.together or self.spam)


class Rest(NamedTuple):
    """Why a clock stands still, since when, and by whose act."""

    since: int
    reason: str
    cause: int | None
    author: Actor | None


class Stretch(NamedTuple):
    """A part of a metric's time, [start, end), in which its clocks run, or rest because of a stay or a pause.

    `stay` is the stay at its end.
    """

    start: int
    end: int
    rest: Stay | Pause | None
    stay: Stay


def rest_of(why: Stay | Pause) -> Rest:
    """Return the reason that a stay or a pause gives."""
    if isinstance(why, Pause):
        return Rest(why.start, why.reason, why.cause, why.author)
    return Rest(why.start, why.reason or why.status.public_label, why.cause, why.author)
