"""Small stories with what the author expects of them; the document is refused when the policy does otherwise."""

from typing import Annotated, Literal

from pydantic import Field

from upheld.policy.document.form import Id, Part, WallTime, Words
from upheld.policy.standing import ClockState, Metric, Verdict

FieldName = Literal["plan", "region", "channel", "reason", "product", "team", "tier"]


class ExampleEvent(Part):
    """Something that happens in an example: somebody writes, or sets a status, a priority or another field."""

    at: WallTime
    """When, in the policy's zone."""
    customer: Literal["writes", "thanks", "auto_replies"] | None = None
    """What the customer does."""
    agent: Literal["answers", "calls", "notes", "pauses", "resumes"] | None = None
    """What an agent does."""
    turns_to: Id | None = None
    """The customer is not satisfied, and turns to this role of their path."""
    desk: Literal["acknowledges", "admits", "admits_with_contract"] | None = None
    """What the desk does."""
    assigns: Words | None = None
    """The ticket is given to this agent."""
    status: Id | None = None
    """An agent sets this status."""
    reason: Words | None = None
    """The reason given with a status or priority; the id of an exclusion closes without a figure."""
    priority: Id | None = None
    """An agent sets this priority."""
    fields: dict[FieldName, Id] = {}
    """An agent sets these fields."""
    promise: WallTime | None = None
    """The due time that an agent promises for the clock named by `clock`."""
    clock: Metric | None = None
    """The clock of a promise."""


class Expectation(Part):
    """What the author expects at an instant."""

    at: WallTime | None = None
    """When; at the last event of the story, when left out."""
    clock: Metric | None = None
    """The clock that is looked at."""
    cycle: int = 1
    """Its cycle; of a cadence, its interval."""
    exists: bool = True
    """False where no such clock is expected."""
    target: Id | None = None
    """The target that governs it."""
    due: WallTime | None = None
    """Its due instant; null where it has none, because it is paused."""
    warning: WallTime | None = None
    """The instant of its warning, or of the aim of a range."""
    state: ClockState | None = None
    """What it does."""
    verdict: Verdict | None = None
    """How it ended."""
    status: Id | None = None
    """The status of the ticket."""
    reminders: Annotated[int, Field(ge=0)] | None = None
    """How many reminders the policy has sent."""
    told: list[Id] | None = None
    """The roles that ladders have told so far, in their order."""
    paged: list[Id] | None = None
    """The roles among them that were paged."""
    reply_due: WallTime | None = None
    """By when the role answers to which the customer turned last; null where it promises no time."""
    silent: list[Id] | None = None
    """The roles that had not answered the customer in their time, in their order."""


class ExamplePart(Part):
    """A small story with what the policy must make of it; times are in the policy's zone."""

    name: Words
    """What the example shows."""
    received: WallTime
    """When the request came."""
    priority: Id | None = None
    """The priority that it named."""
    by_staff: bool = False
    """Whether staff opened the ticket."""
    held: bool = False
    """Whether it was held at intake."""
    fields: dict[FieldName, Id] = {}
    """What is known of the ticket from the start; the channel is email, when left out."""
    events: list[ExampleEvent] = []
    """What happens then."""
    expect: Annotated[list[Expectation], Field(min_length=1)]
    """What the policy must make of it."""
