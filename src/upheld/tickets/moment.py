"""The instant at which something is done, read once and passed in."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """`at` is now. `settled_by` is the instant up to which the policy's consequences may be recorded: now, or just
    before the receipt of the desk's oldest mail that nobody has read yet, since that mail may be the answer in time."""

    at: datetime
    settled_by: datetime

    @classmethod
    def exactly(cls, at: datetime) -> "Moment":
        """A moment at which no mail is waiting."""
        return cls(at, at)
