"""How much time a target gives, as a document says it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class AmountKind(StrEnum):
    """How an amount leads from a start to a due instant.

    `elapsed` and `working` are lengths of time. `days_same_time` and `days_at_close` are business days, due at the
    time of day of the start (at the latest at that day's close) or at the close. `cut_off` is that day's close for what
    starts before a time of day, and this time on the next business day for what starts later. The last two
    run no clock: `best_effort` promises no time, `discretionary` leaves it to an agent to promise one.
    """

    elapsed = "elapsed"
    working = "working"
    days_same_time = "days_same_time"
    days_at_close = "days_at_close"
    cut_off = "cut_off"
    best_effort = "best_effort"
    discretionary = "discretionary"


_OF_THE_CALENDAR = (
    AmountKind.working,
    AmountKind.days_same_time,
    AmountKind.days_at_close,
    AmountKind.cut_off,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount, on the calendar of that name (None for elapsed time and for what runs no clock).

    `duration` is a length of time, zero for kinds that have none of their own; `days` counts business days,
    `minute` is the time of day of a cut-off. `text` is what the document says.
    """

    kind: AmountKind
    duration: timedelta = timedelta(0)
    calendar: str | None = None
    days: int = 0
    minute: int = 0
    text: str = ""

    @property
    def has_clock(self) -> bool:
        """Whether a clock runs for it."""
        return self.kind not in (AmountKind.best_effort, AmountKind.discretionary)

    @property
    def is_working(self) -> bool:
        """Whether it is counted on a calendar."""
        return self.kind in _OF_THE_CALENDAR
