"""What is promised: targets, and the rules by which they are judged."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from upheld.policy.document.form import AmountText, Id, Ids, Part, PromiseText, Words
from upheld.policy.standing import Metric

CONDITIONS = ("priority", "plan", "region", "channel", "reason", "product", "team", "tier", "status")


class WhenPart(Part):
    """What a target, ladder or question applies to; what is not said does not matter."""

    priority: Ids | None = None
    """One of these priorities."""
    plan: Ids | None = None
    """One of these plans."""
    region: Ids | None = None
    """One of these regions."""
    channel: Ids | None = None
    """One of these channels."""
    reason: Ids | None = None
    """One of these reasons."""
    product: Ids | None = None
    """One of these products."""
    team: Ids | None = None
    """One of these teams."""
    tier: Ids | None = None
    """One of these tiers."""
    status: Ids | None = None
    """For as long as the ticket is in one of these statuses."""
    received: Literal["inside", "outside"] | None = None
    """Whether the request came inside or outside the calendar's hours."""

    @model_validator(mode="after")
    def _says_something(self) -> "WhenPart":
        if not any(getattr(self, name) for name in (*CONDITIONS, "received")):
            raise ValueError("this condition says nothing; leave `when` out, or name what it applies to")
        return self


class ByHours(Part):
    """An amount that differs by whether the request came inside or outside the hours."""

    inside: PromiseText
    """What holds for requests inside the hours."""
    outside: PromiseText
    """What holds for requests outside the hours."""


class TargetPart(Part):
    """A promise: within which amount of time, for whom. A cadence says `every` in place of `within`."""

    id: Id
    """How examples and ledgers name it."""
    metric: Metric
    """What is promised."""
    when: WhenPart | None = None
    """For which tickets; all, when left out. The first target of a metric that fits governs."""
    within: PromiseText | ByHours | None = None
    """The time given."""
    every: PromiseText | None = None
    """The time between two updates."""
    aim: PromiseText | None = None
    """The nearer end of a range; `within` is the farther one."""
    start: Literal["received", "acknowledged", "next_opening"] = "received"
    """From when it counts."""
    also: bool = False
    """It joins the target that governs: the earlier due counts."""
    runs_while_paused: bool = False
    """A cadence that no status and no pause stops."""
    calendar: str | None = None
    """The calendar on which working time and business days are counted; the only one, when left out."""
    warn_at_percent: Annotated[int, Field(ge=1, le=99)] | None = 75
    """The share of the time after which agents are warned; null for no warning."""
    label: Words | None = None
    """What it is called on pages."""
    clause: Words = ""
    """The promise as the page words it."""

    @model_validator(mode="after")
    def _one_amount(self) -> "TargetPart":
        if (self.within is None) == (self.every is None):
            raise ValueError("a target says `within` or `every`; write one of them")
        return self


class ReopeningPart(Part):
    """How long after its end a ticket may be opened again; later a new, linked ticket begins."""

    within: AmountText = "720 elapsed hours"
    """The time for reopening, since the ticket came into its last status."""
    clocks: Literal["resume", "restart"] = "resume"
    """`resume` lets the clock go on where it stopped, `restart` gives it its whole time anew."""


class ResponsesPart(Part):
    """What counts as a response beyond a person's public message."""

    calls_entered_within: AmountText = "15 elapsed minutes"
    """How soon a call must be entered to count when it was made."""
    assistants: bool = False
    """Whether an assistant's public message counts."""
    only_when_assigned: bool = False
    """Whether a response counts only once somebody is assigned."""


class ReclassifyingPart(Part):
    """What a raised priority does to clocks that run."""

    raised_counts_from: Literal["naming", "start"] = "naming"
    """The new time counts from the event that first named the priority, or over the whole story."""


class ObjectivePart(Part):
    """The share that shall be met."""

    metrics: Annotated[list[Metric], Field(min_length=1)]
    """The metrics counted together."""
    percent: Annotated[str, Field(pattern=r"^(100|\d{1,2}(\.\d{1,3})?)$")]
    """The share of verdicts that shall be met."""
    period: Literal["month", "quarter", "year"] = "month"
    """The period in which verdicts are counted, by their due instants."""
