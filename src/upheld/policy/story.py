"""The story of one ticket: an append-only list of what happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Actor(StrEnum):
    """Who did something; fixed by the credential that was used, never by what a text claims."""

    customer = "customer"
    agent = "agent"
    third_party = "third_party"
    system = "system"
    integration = "integration"
    assistant = "assistant"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a story.

    `at` is the instant at which the event held (aware; a mail counts at its receipt), `recorded_at` the
    instant at which the desk wrote it down. Stories are read in the order (`at`, `seq`).

    The kinds that move clocks, with the keys of `data` that are read (others may be there and are ignored):

    - `opened`: `channel`, `priority` (the one that the requester named, or None), `by_staff`; one, first;
    - `acknowledged`;
    - `message`: `direction` ("in" or "out"), `public`, `automatic`, `reopens` (true unless it says false);
    - `call`: `stated_at` (aware datetime or ISO text), `direction`;
    - `note`;
    - `status`: `to`, `reason`; somebody set a status;
    - `priority`: `to`, `reason`.

    Any other kind is allowed and moves no clock, so that a story may record more than a policy knows of.
    An event with `consequence=True` is what the policy itself made of the facts; evaluation never reads it.
    """

    at: datetime
    kind: str
    actor: Actor
    data: Mapping[str, Any] = field(default_factory=dict)
    seq: int = 0
    recorded_at: datetime | None = None
    consequence: bool = False
