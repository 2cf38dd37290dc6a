"""What lies ahead of a ticket if nobody says or does anything more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.clock import from_micros, to_micros
from upheld.policy.path import InForce
from upheld.policy.story import Event
from upheld.policy.walk import follow


@dataclass(frozen=True, slots=True)
class ComingStep:
    """Something that will happen by itself at an instant: `remind` names who is reminded, or `become` the id of the
    status that follows."""

    at: datetime
    name: str
    remind: str | None
    become: str | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """The steps that wait in the present status, up to the first that changes it, and until when a customer's message
    opens the ticket again; None where it is not done, or where no message does."""

    steps: tuple[ComingStep, ...]
    reopens_until: datetime | None

    @property
    def change(self) -> ComingStep | None:
        """The change of status that comes by itself, if one does."""
        return next((each for each in self.steps if each.become is not None), None)


def ahead(versions: Sequence[InForce], story: Sequence[Event], at: datetime) -> Ahead:
    """Return what lies ahead of a ticket at an instant; what falls due at that very instant has happened."""
    path = follow(versions, story, to_micros(at))
    if path.received is None or path.merged_at is not None:
        return Ahead((), None)
    steps = tuple(
        ComingStep(from_micros(due), step.name, step.remind, step.become) for due, step in path.steps_ahead()
    )
    status = path.stays[-1].status
    reopens = status.is_done and status.on_reply is not None
    return Ahead(steps, from_micros(path.window_end) if reopens else None)
