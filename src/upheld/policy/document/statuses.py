"""Where a ticket is in its life, and what happens there by itself."""

from typing import Literal

from upheld.policy.document.form import AmountText, Id, Part, Words
from upheld.policy.standing import Metric


class StepPart(Part):
    """What happens by itself after a stay of `wait` in a status: somebody is reminded, or the status changes."""

    wait: AmountText
    """Elapsed time since the status was entered, or since one side last spoke."""
    remind: Literal["customer", "agent"] | None = None
    """Who is reminded."""
    become: Id | None = None
    """The status that follows."""
    name: Words | None = None
    """What this step is called in the ticket's history."""


class StatusPart(Part):
    """A state of a ticket, and the clocks that run in it."""

    id: Id
    """How other blocks name it."""
    label: Words
    """What agents call it."""
    public_label: Words | None = None
    """What customers read; the label, when left out."""
    meaning: Words = ""
    """What it means, for customers."""
    category: Literal["open", "waiting", "resolved", "closed"]
    """The kind of state; in resolved and closed the work is over."""
    clocks: Literal["all", "none"] | list[Metric]
    """The metrics whose clocks run in it."""
    agent_may_set: bool = True
    """Whether agents may choose it."""
    next: list[Id] | None = None
    """The statuses that agents may choose from here; all, when left out."""
    on_reply: Id | None = None
    """The status that a customer's message leads to."""
    after: list[StepPart] = []
    """What happens here by itself."""
