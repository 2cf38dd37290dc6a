"""Who is told, and who takes over, when a case needs more than the agent who has it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from upheld.policy.document.form import ChoicePart, DelayText, Id, Ids, Part, PromiseText, Words
from upheld.policy.document.promises import WhenPart
from upheld.policy.standing import Metric


class RolePart(Part):
    """A function that people on the desk fill, such as the support manager."""

    id: Id
    """How ladders and paths name it."""
    label: Words
    """The title that people know."""
    meaning: Words = ""
    """What this role does for customers."""
    by: list[Literal["product", "region", "organization"]] = []
    """What of a ticket decides who fills the role."""


class TierPart(ChoicePart):
    """A level of technical support."""

    hands_over: Words = ""
    """When a case goes on to the next tier."""


class RungPart(Part):
    """One step of a ladder: after which time who is told."""

    after: DelayText
    """`at once`, or an amount of time on the ladder."""
    tell: Ids
    """The roles that are told."""
    page: bool = False
    """Told at any hour, and until somebody answers; other steps wait for the recipient's hours."""
    binding: Literal["commitment", "guideline"] = "commitment"
    """Whether the source promises this step, or names it as a guideline."""


class LadderPart(Part):
    """Steps in time by which more and more people learn of a case.

    A ladder lives as long as the ticket owes what `until` names and stands still where the clocks of this metric do.
    When a ticket is reopened it goes on where it stopped, or begins anew where the policy restarts clocks. Steps are
    taken while the condition holds; they count from when it first held.
    """

    id: Id
    """How examples and histories name it."""
    label: Words = ""
    """What it is called on pages."""
    when: WhenPart | None = None
    """For which tickets; all, when left out."""
    until: Literal[Metric.first_response, Metric.next_reply, Metric.resolution] = Metric.resolution
    """What ends it."""
    counts_from: Literal["start", "due"] = "start"
    """Steps count from when this was first owed, or from the due instant that was missed."""
    calendar: str | None = None
    """The calendar of working time and business days; the only one, when left out."""
    steps: Annotated[list[RungPart], Field(min_length=1, max_length=20)]
    """The steps, earliest first."""


class HandOverPart(Part):
    """When a case goes to people with other skills; no clock restarts."""

    id: Id
    """Its name."""
    reason: Words
    """When this is done."""
    to_role: Id | None = None
    """The role that takes part or takes over."""
    to_tier: Id | None = None
    """The tier that takes over."""
    joins: bool = False
    """Whether who fills the role works on the case together with the agent who has it, and does not take it over."""

    @model_validator(mode="after")
    def _one_goal(self) -> "HandOverPart":
        if (self.to_role is None) == (self.to_tier is None):
            raise ValueError("a case goes to a role or to a tier; write `to_role` or `to_tier`")
        if self.joins and self.to_tier is not None:
            raise ValueError("a tier takes a case over; write `joins: true` with `to_role` only")
        return self


class PathLevelPart(Part):
    """One level of the path that a dissatisfied customer may take, lowest first."""

    role: Id
    """Who answers at this level."""
    meaning: Words = ""
    """What the customer reads about it."""
    reply_within: PromiseText | None = None
    """By when this level answers, where that is promised."""
    calendar: str | None = None
    """The calendar of working time and business days; the only one, when left out."""
    direct: bool = False
    """Whether customers may turn here at once, without the levels before it."""


class EscalationPart(Part):
    """How a case gets more attention: by time, by skill, and at the customer's wish."""

    ladders: list[LadderPart] = []
    """Steps in time that happen by themselves."""
    hand_overs: list[HandOverPart] = []
    """When a case goes to people with other skills."""
    customer_path: list[PathLevelPart] = []
    """Where a customer turns who is not satisfied, lowest level first."""
