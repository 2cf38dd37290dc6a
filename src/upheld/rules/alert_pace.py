"""How fast alerts leave to one person: three alone within a minute, or several together, and then a minute of rest.

What comes meanwhile waits and leaves together afterwards, so that a bad hour is a few messages and not a thousand. A
page waits for nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ALONE = 3
TOGETHER_FROM = 3
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """The instants at which something left lately, oldest first, and whether the latest was several together."""

    left_at: tuple[datetime, ...] = ()
    was_together: bool = False

    def rests_until(self, now: datetime) -> datetime | None:
        """Return until when further alerts wait; None where the next may leave at once."""
        if not self.left_at or now - self.left_at[-1] >= MINUTE:
            return None
        if self.was_together or len(self._within_a_minute_of(self.left_at[-1])) >= ALONE:
            return self.left_at[-1] + MINUTE
        return None

    def after(self, now: datetime, *, together: bool) -> "Pace":
        """Return the pace once something has left at `now`."""
        return Pace((*self._within_a_minute_of(now), now)[-ALONE:], together)

    def _within_a_minute_of(self, instant: datetime) -> Sequence[datetime]:
        return [each for each in self.left_at if instant - each < MINUTE]


def leave_together(count: int) -> bool:
    """Whether so many alerts that may leave now are one message."""
    return count >= TOGETHER_FROM
