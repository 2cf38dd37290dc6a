"""The form of a policy document. `schema()` publishes it as JSON Schema."""

from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from upheld.clock import zone
from upheld.policy.phrases import (
    read_amount,
    read_date,
    read_days,
    read_hours,
    read_promise,
    read_wall_time,
)
from upheld.policy.standing import ClockState, Metric, Verdict


def _checked(reader: Any) -> AfterValidator:
    def check(text: str) -> str:
        reader(text)
        return text

    return AfterValidator(check)


Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
AmountText = Annotated[str, _checked(read_amount)]
PromiseText = Annotated[str, _checked(read_promise)]
HoursText = Annotated[str, _checked(read_hours)]
DaysText = Annotated[str, _checked(read_days)]
DateText = Annotated[str, _checked(read_date)]
WallTime = Annotated[str, _checked(read_wall_time)]
ZoneName = Annotated[str, _checked(zone)]
Words = Annotated[str, Field(max_length=2000)]


class Part(BaseModel):
    """Any block. `assumed` marks what the source does not say and the author supplied."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    assumed: bool = False
    note: Words = ""

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        for key in data if isinstance(data, dict) else ():
            if key not in cls.model_fields:
                near = get_close_matches(key, cls.model_fields, n=1)
                remedy = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(cls.model_fields)}"
                message = "there is no key {key}; {remedy}"
                raise PydanticCustomError("unknown_key", message, {"key": key, "remedy": remedy})
        return data


class SourcePart(Part):
    """The page or paper behind the policy."""

    document: Words = ""
    version: Words = ""
    date: Words = ""
    text: Annotated[str, Field(max_length=100_000)] = ""


class HolidaysPart(Part):
    """Public holidays by country and subdivision, as the `holidays` library knows them."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2,3}$")]
    subdivision: str | None = None


class CalendarPart(Part):
    """Weekly hours by day, public holidays, days off of the desk's own, and dates with other hours."""

    zone: ZoneName | None = None
    hours: Annotated[dict[DaysText, HoursText], Field(min_length=1)]
    holidays: HolidaysPart | None = None
    days_off: dict[DateText, Words] = {}
    other_hours: dict[DateText, HoursText] = {}


class PriorityPart(Part):
    """A level of urgency; the document lists the most urgent first."""

    id: Id
    label: Words
    meaning: Words = ""
    examples: list[Words] = []
    words: list[Words] = []
    restricted: bool = False


class StepPart(Part):
    """What happens by itself after a stay of `wait` in a status."""

    wait: AmountText
    remind: Literal["customer", "agent"] | None = None
    become: Id | None = None
    name: Words | None = None


class StatusPart(Part):
    """A state of a ticket, and the clocks that run in it."""

    id: Id
    label: Words
    public_label: Words | None = None
    meaning: Words = ""
    category: Literal["open", "waiting", "resolved", "closed"]
    clocks: Literal["all", "none"] | list[Metric]
    agent_may_set: bool = True
    next: list[Id] | None = None
    on_reply: Id | None = None
    after: list[StepPart] = []


Ids = Annotated[list[Id], Field(min_length=1)]


class WhenPart(Part):
    """What a target applies to; what is not said does not matter. `status` and the rest may change on the way."""

    priority: Ids | None = None
    plan: Ids | None = None
    region: Ids | None = None
    channel: Ids | None = None
    reason: Ids | None = None
    product: Ids | None = None
    team: Ids | None = None
    tier: Ids | None = None
    status: Ids | None = None
    received: Literal["inside", "outside"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "WhenPart":
        if not any(getattr(self, name) for name in (*CONDITIONS, "received")):
            raise ValueError("this condition says nothing; leave `when` out, or name what it applies to")
        return self


CONDITIONS = ("priority", "plan", "region", "channel", "reason", "product", "team", "tier", "status")


class ByHours(Part):
    """An amount that differs by whether the request came inside or outside the hours."""

    inside: PromiseText
    outside: PromiseText


class TargetPart(Part):
    """A promise: within which amount of time, for whom. A cadence says `every` in place of `within`."""

    id: Id
    metric: Metric
    when: WhenPart | None = None
    within: PromiseText | ByHours | None = None
    every: PromiseText | None = None
    aim: PromiseText | None = None
    start: Literal["received", "acknowledged", "next_opening"] = "received"
    also: bool = False
    runs_while_paused: bool = False
    calendar: str | None = None
    warn_at_percent: Annotated[int, Field(ge=1, le=99)] | None = 75
    label: Words | None = None
    clause: Words = ""

    @model_validator(mode="after")
    def _one_amount(self) -> "TargetPart":
        if (self.within is None) == (self.every is None):
            raise ValueError("a target says `within` or `every`; write one of them")
        return self


class ReopeningPart(Part):
    """How long after its end a ticket may be opened again; later a new, linked ticket begins.

    `clocks: resume` lets the clock go on where it stopped, `restart` gives it its whole time anew.
    """

    within: AmountText = "720 elapsed hours"
    clocks: Literal["resume", "restart"] = "resume"


class ResponsesPart(Part):
    """What counts as a response: how soon a call must be entered to count when it was made, whether an assistant's
    public message counts, and whether a response counts only once somebody is assigned."""

    calls_entered_within: AmountText = "15 elapsed minutes"
    assistants: bool = False
    only_when_assigned: bool = False


class ReclassifyingPart(Part):
    """From when a raised priority counts: the event that first named it, or the whole story."""

    raised_counts_from: Literal["naming", "start"] = "naming"


class ChoicePart(Part):
    """A plan, region, reason, product, team or tier."""

    id: Id
    label: Words = ""
    meaning: Words = ""


class ObjectivePart(Part):
    """The share that shall be met."""

    metrics: Annotated[list[Metric], Field(min_length=1)]
    percent: Annotated[str, Field(pattern=r"^(100|\d{1,2}(\.\d{1,3})?)$")]
    period: Literal["month", "quarter", "year"] = "month"


class ChannelPart(Part):
    """A way to reach the desk."""

    id: Id
    label: Words
    directions: list[Literal["in", "out"]] = ["in", "out"]
    calendar: str | None = None


class ExclusionPart(Part):
    """A reason for closing that takes a ticket out of the figures."""

    id: Id
    label: Words
    verdict: Literal[Verdict.excluded, Verdict.transferred] = Verdict.excluded


class ExampleEvent(Part):
    """Something that happens in an example: somebody writes, or sets a status, a priority or another field.

    `promise` is the due time that an agent promises for the clock named by `clock`.
    """

    at: WallTime
    customer: Literal["writes", "thanks", "auto_replies"] | None = None
    agent: Literal["answers", "calls", "notes", "pauses", "resumes"] | None = None
    desk: Literal["acknowledges", "admits", "admits_with_contract"] | None = None
    status: Id | None = None
    reason: Words | None = None
    priority: Id | None = None
    fields: dict[Literal["plan", "region", "channel", "reason", "product", "team", "tier"], Id] = {}
    promise: WallTime | None = None
    clock: Metric | None = None


class Expectation(Part):
    """What the author expects at an instant; the last event of the story when none is given."""

    at: WallTime | None = None
    clock: Metric | None = None
    cycle: int = 1
    target: Id | None = None
    due: WallTime | None = None
    state: ClockState | None = None
    verdict: Verdict | None = None
    status: Id | None = None


class ExamplePart(Part):
    """A small story with what the policy must make of it; times are in the policy's zone."""

    name: Words
    received: WallTime
    priority: Id | None = None
    by_staff: bool = False
    held: bool = False
    fields: dict[Literal["plan", "region", "channel", "reason", "product", "team", "tier"], Id] = {}
    events: list[ExampleEvent] = []
    expect: Annotated[list[Expectation], Field(min_length=1)]


class Document(Part):
    """A policy document, form 1."""

    policy: Literal[1]
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
    title: Words
    source: SourcePart = SourcePart()
    zone: ZoneName
    calendars: dict[str, CalendarPart] = {}
    priorities: Annotated[list[PriorityPart], Field(min_length=1)]
    default_priority: Id
    statuses: Annotated[list[StatusPart], Field(min_length=1)]
    initial_status: Id
    reopening: ReopeningPart = ReopeningPart()
    responses: ResponsesPart = ResponsesPart()
    reclassifying: ReclassifyingPart = ReclassifyingPart()
    plans: list[ChoicePart] = []
    regions: list[ChoicePart] = []
    reasons: list[ChoicePart] = []
    products: list[ChoicePart] = []
    teams: list[ChoicePart] = []
    tiers: list[ChoicePart] = []
    targets: list[TargetPart] = []
    objectives: list[ObjectivePart] = []
    channels: list[ChannelPart] = []
    exclusions: list[ExclusionPart] = []
    examples: list[ExamplePart] = []


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a policy document."""
    return Document.model_json_schema()
