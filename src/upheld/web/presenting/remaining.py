"""How much of a promise is left, so that a page can keep it true between two answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from upheld.clock import Calendar
from upheld.web.presenting.times import length, plain_length

# A page is asked anew long before this; it only bounds how far a forgotten one counts on.
FAR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Remaining:
    """`text` is what is left, or by how much it is over. `seconds` and `open_seconds` let a script count on:
    what is left (negative when over), and for how long the calendar still runs from now without a break."""

    text: str
    seconds: int
    open_seconds: int
    over: bool
    working: bool
    shut: bool


def remaining(due_at: datetime, calendar: Calendar | None, now: datetime) -> Remaining:
    """Time left is time on the target's calendar; time over is plain time since the due instant."""
    if due_at < now:
        over = due_at - now
        return Remaining(
            plain_length(over), int(over.total_seconds()), int(FAR.total_seconds()), True, False, False
        )
    left = due_at - now if calendar is None else calendar.between(now, due_at)
    open_for = FAR if calendar is None else _open_for(calendar, now)
    return Remaining(
        text=length(left),
        seconds=int(left.total_seconds()),
        open_seconds=int(open_for.total_seconds()),
        over=False,
        working=calendar is not None,
        shut=not open_for,
    )


def _open_for(calendar: Calendar, now: datetime) -> timedelta:
    span = next(iter(calendar.spans(now, now + FAR)), None)
    return span.end - now if span is not None and span.start <= now else timedelta()
