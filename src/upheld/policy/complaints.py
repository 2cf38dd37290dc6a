"""By when a level of the customer's path answers, and what happens where it does not.

The time runs on its own calendar from the complaint on, whatever the ticket's other clocks do: somebody who is not
satisfied waits for a person, in whatever status their request is. Instants are integers of microseconds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.clock import from_micros
from upheld.policy.instants import micros_text
from upheld.policy.parts import PathLevel
from upheld.policy.policy import Policy
from upheld.policy.standing import Consequence
from upheld.policy.terms import term


@dataclass(slots=True)
class Complaint:
    """One complaint, as the walk over the facts finds it. `ended` is set while its ticket is part of another."""

    seq: int
    level: int
    role: str
    at: int
    due: int | None
    answered: int | None = None
    ended: int | None = None

    def is_missed(self, at: int) -> bool:
        """Whether nobody had answered when the time was over; an answer at that very instant is in time."""
        if self.due is None or self.due > at:
            return False
        until = min((each for each in (self.answered, self.ended) if each is not None), default=None)
        return until is None or until > self.due


@dataclass(frozen=True, slots=True)
class ComplaintStanding:
    """What has become of one complaint: `due_at` is empty where its level promises no time, `answered_at` while no
    person of the desk has spoken to the customer since."""

    seq: int
    level: int
    role: str
    at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    is_missed: bool


def complaint(policy: Policy, at: int, role: str, seq: int) -> Complaint | None:
    """Return a complaint under the policy that governs at that instant; None for a role that is not on its path."""
    for number, level in enumerate(policy.customer_path, start=1):
        if level.role == role:
            return Complaint(seq, number, role, at, _due(policy, level, at))
    return None


def answer(complaints: Iterable[Complaint], at: int) -> None:
    """A person of the desk spoke to the customer: whatever level they turned to, they have heard from somebody."""
    for each in complaints:
        if each.at <= at and each.ended is None and (each.answered is None or at < each.answered):
            each.answered = at


def overdue(complaints: Sequence[Complaint], at: int) -> tuple[list[Consequence], int | None]:
    """Return what was missed up to and including `at`, and the next instant at which a reply is due."""
    missed = [_missed(each) for each in complaints if each.is_missed(at)]
    waiting = [each.due for each in complaints if each.answered is None and each.ended is None]
    return missed, min((due for due in waiting if due is not None and due > at), default=None)


def standings(complaints: Iterable[Complaint], at: int) -> tuple[ComplaintStanding, ...]:
    """Return what has become of complaints by an instant."""
    return tuple(
        ComplaintStanding(
            each.seq,
            each.level,
            each.role,
            from_micros(each.at),
            None if each.due is None else from_micros(each.due),
            None if each.answered is None else from_micros(each.answered),
            each.is_missed(at),
        )
        for each in complaints
    )


def _due(policy: Policy, level: PathLevel, at: int) -> int | None:
    if level.reply is None or not level.reply.has_clock:
        return None
    promised = term(level.reply, policy.calendars)
    budget, slack = promised.budget(at)
    return promised.measure.add(at, budget + slack) - slack


def _missed(complaint: Complaint) -> Consequence:
    due = complaint.due
    assert due is not None  # noqa: S101 - only what is due can be missed
    data = {
        "level": complaint.level,
        "role": complaint.role,
        "due_at": micros_text(due),
        "complained_at": micros_text(complaint.at),
    }
    return Consequence(f"complaint_missed:{complaint.seq}", from_micros(due), "complaint_missed", data)
