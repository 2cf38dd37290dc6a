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

    The kinds that matter to a policy, with the keys of `data` that are read (others may be there and are ignored;
    docs/policy/story.md is the full reference):

    - `opened`: `priority` (the one that the requester named, or None), `by_staff`, `held`, `restricted`, and any of
      the fields
      `channel`, `plan`, `region`, `reason`, `product`, `team`, `tier`; one, first;
    - `acknowledged`;
    - `message`: `direction` ("in" or "out"), `public`, `automatic`, `reopens` (true unless it says false);
    - `call`: `stated_at` (aware datetime or ISO text), `direction`;
    - `note`;
    - `status`: `to`, `reason`; somebody set a status;
    - `priority`: `to`, `reason`;
    - `field`: `name`, `to`; somebody set one of the fields;
    - `assigned`: `to`, `team`, `tier`;
    - `restricted`; few people read it from here on, so it does not close by itself; `opened_up`: `reason`;
    - `paused`: `reason`, `clocks` (metrics; all when left out); `resumed`;
    - `admitted`: `contract_at_receipt`; a held request becomes a ticket;
    - `spam`; nothing runs from here on, and nothing is judged; `not_spam`: the time in between counts after all;
    - `problem_joined`: `number`; updates come from the problem, for all of its tickets at once; `problem_left`;
    - `complaint`: `role`; a customer who is not satisfied turns to a level of the path that the policy promises;
    - `promised`: `metric`, `due_at`; where the target is discretionary;
    - `merged`: `into`; `merge_undone`; on the ticket that gives its clocks away;
    - `absorbed`: `source`, `clocks`; `absorption_undone`: `source`; on the ticket that takes them over;
    - `corrected`: `metric`, `cycle`, `verdict`, `reason`.

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
