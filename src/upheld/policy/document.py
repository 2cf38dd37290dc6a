"""The form of a policy document. `schema()` publishes it as JSON Schema."""

from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from upheld.clock import zone
from upheld.policy.phrases import read_amount, read_date, read_days, read_hours, read_wall_time
from upheld.policy.standing import ClockState, Metric, Verdict


def _checked(reader: Any) -> AfterValidator:
    def check(text: str) -> str:
        reader(text)
        return text

    return AfterValidator(check)


Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
AmountText = Annotated[str, _checked(read_amount)]
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


class WhenPart(Part):
    """What a target applies to; what is not said does not matter."""

    priority: Annotated[list[Id], Field(min_length=1)]


class TargetPart(Part):
    """A promise: within which amount of time, for whom."""

    id: Id
    metric: Literal["first_response", "next_reply", "resolution"]
    when: WhenPart | None = None
    within: AmountText
    calendar: str | None = None
    warn_at_percent: Annotated[int, Field(ge=1, le=99)] | None = 75
    label: Words | None = None
    clause: Words = ""


class ReopeningPart(Part):
    """How long after its end a ticket may be opened again; later a new, linked ticket begins."""

    within: AmountText = "720 elapsed hours"


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
    """Something that happens in an example: somebody writes, or sets a status or a priority."""

    at: WallTime
    customer: Literal["writes", "thanks", "auto_replies"] | None = None
    agent: Literal["answers", "calls", "notes"] | None = None
    status: Id | None = None
    reason: Words | None = None
    priority: Id | None = None


class Expectation(Part):
    """What the author expects at an instant; the last event of the story when none is given."""

    at: WallTime | None = None
    clock: Literal["first_response", "next_reply", "resolution"] | None = None
    cycle: int = 1
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
    targets: list[TargetPart] = []
    objectives: list[ObjectivePart] = []
    channels: list[ChannelPart] = []
    exclusions: list[ExclusionPart] = []
    examples: list[ExamplePart] = []


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a policy document."""
    return Document.model_json_schema()
