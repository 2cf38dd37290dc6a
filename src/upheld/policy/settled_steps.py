"""Which steps of its ladders a ticket has left behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.clock import from_micros, to_micros
from upheld.policy.ladders import settled
from upheld.policy.path import InForce
from upheld.policy.story import Event
from upheld.policy.walk import follow


@dataclass(frozen=True, slots=True)
class SettledStep:
    """Nothing calls for a step any more since `at`: with `is_answered` what it waits for was given, else its ladder
    does not hold for the ticket any longer."""

    at: datetime
    is_answered: bool


def settled_steps(
    versions: Sequence[InForce], story: Sequence[Event], at: datetime
) -> Mapping[str, SettledStep | None]:
    """Return, by the key of each step of a ticket's ladders, since when nothing calls for it any more; None while
    something does. A key that is missing belongs to a ladder that the policy has no more."""
    now = to_micros(at)
    path = follow(versions, story, now)
    return {
        key: None if each is None else SettledStep(from_micros(each.at), each.is_answered)
        for key, each in settled(path, now).items()
    }
