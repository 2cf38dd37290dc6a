"""The form of a story as JSON, version 1: what other programs write and read. `story_schema()` publishes it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from upheld.policy.standing import Metric, Verdict
from upheld.policy.story import Actor

STORY_VERSION = 1


def _in_range(at: datetime) -> datetime:
    if not 1970 <= at.year <= 9000:
        raise ValueError("the year is not one from 1970 to 9000")
    return at


Instant = Annotated[AwareDatetime, AfterValidator(_in_range)]
Name = Annotated[str, Field(min_length=1, max_length=500)]


class Data(BaseModel):
    """What a fact says. Keys that are not listed may be there and are ignored."""

    model_config = ConfigDict(extra="allow", strict=True)


class OpenedData(Data):
    """The receipt: the priority that the requester named, if any, and what is known of the ticket."""

    priority: Name | None = None
    by_staff: bool = False
    held: bool = False
    restricted: bool = False
    channel: Name | None = None
    plan: Name | None = None
    region: Name | None = None
    reason: Name | None = None
    product: Name | None = None
    team: Name | None = None
    tier: Name | None = None


class MessageData(Data):
    """A message; `reopens` is false for mere thanks."""

    direction: Literal["in", "out"]
    public: bool = True
    automatic: bool = False
    reopens: bool = True


class CallData(Data):
    """A call, with the instant at which it is said to have been made."""

    stated_at: Annotated[Instant | None, Field(strict=False)] = None
    direction: Literal["in", "out"] = "out"


class StatusData(Data):
    """Somebody set a status."""

    to: Name
    reason: str | None = None


class PriorityData(Data):
    """Somebody set the priority."""

    to: Name
    reason: str | None = None


class FieldData(Data):
    """Somebody set one of the fields that conditions may name."""

    name: Literal["channel", "plan", "region", "reason", "product", "team", "tier"]
    to: Name | None


class AssignedData(Data):
    """The ticket is somebody's, or nobody's."""

    to: Name | None = None
    team: Name | None = None
    tier: Name | None = None


class PausedData(Data):
    """Somebody stopped clocks: those listed, or all."""

    reason: Name
    clocks: list[Annotated[Metric, Field(strict=False)]] | None = None


class AdmittedData(Data):
    """A held request became a ticket; the held time counts if a contract was in force at the receipt."""

    contract_at_receipt: bool = False


class ProblemData(Data):
    """The ticket has a problem that others have, too; its customers are told together with theirs."""

    number: Name | None = None


class ComplaintData(Data):
    """A customer who is not satisfied turned to a role on the path that the policy promises."""

    role: Name


class PromisedData(Data):
    """An agent promised a time where the target leaves it to them."""

    metric: Annotated[Metric, Field(strict=False)]
    due_at: Annotated[Instant, Field(strict=False)]


class MergedData(Data):
    """The ticket became a part of another."""

    into: Name


class TakenData(Data):
    """A clock without a verdict, as it stood on the ticket that was merged into this one."""

    metric: Annotated[Metric, Field(strict=False)]
    target: Name
    target_label: str
    calendar: str | None
    started_at: Annotated[Instant, Field(strict=False)]
    budget: Annotated[int, Field(ge=0)]
    used: Annotated[int, Field(ge=0)]
    due_at: Annotated[Instant | None, Field(strict=False)]


class AbsorbedData(Data):
    """Another ticket became a part of this one, with its open clocks."""

    source: Name
    clocks: list[TakenData] = []


class AbsorptionUndoneData(Data):
    """The merge with another ticket is void."""

    source: Name


class CorrectedData(Data):
    """A verdict was corrected; it stays visible."""

    metric: Annotated[Metric, Field(strict=False)]
    cycle: Annotated[int, Field(ge=1)] = 1
    verdict: Annotated[Verdict, Field(strict=False)]
    reason: Name


KINDS: dict[str, type[Data]] = {
    "opened": OpenedData,
    "acknowledged": Data,
    "message": MessageData,
    "call": CallData,
    "note": Data,
    "status": StatusData,
    "priority": PriorityData,
    "field": FieldData,
    "assigned": AssignedData,
    "restricted": Data,
    "opened_up": Data,
    "paused": PausedData,
    "resumed": Data,
    "admitted": AdmittedData,
    "spam": Data,
    "not_spam": Data,
    "problem_joined": ProblemData,
    "problem_left": ProblemData,
    "complaint": ComplaintData,
    "promised": PromisedData,
    "merged": MergedData,
    "merge_undone": Data,
    "absorbed": AbsorbedData,
    "absorption_undone": AbsorptionUndoneData,
    "corrected": CorrectedData,
    "released": Data,
}


class EventForm(BaseModel):
    """One event. `seq` orders events of the same instant; the place in the list, when it is left out."""

    model_config = ConfigDict(extra="forbid")

    at: Instant
    kind: Annotated[str, Field(min_length=1, max_length=60)]
    actor: Actor
    data: dict[str, Any] = {}
    seq: Annotated[int, Field(ge=0)] | None = None
    recorded_at: Instant | None = None
    consequence: bool = False


class StoryForm(BaseModel):
    """A story. `id` is not read by the evaluation; it comes back with the standing."""

    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    id: str | int | None = None
    events: Annotated[list[EventForm], Field(min_length=1, max_length=100_000)]


def story_schema() -> dict[str, Any]:
    """Return the JSON Schema of a story; the data of each kind stands under `$defs`."""
    result = StoryForm.model_json_schema()
    event = result["$defs"]["EventForm"]
    event["allOf"] = []
    for kind, form in KINDS.items():
        inner = form.model_json_schema(ref_template="#/$defs/{model}")
        result["$defs"].update(inner.pop("$defs", {}))
        result["$defs"][form.__name__] = inner
        condition = {"properties": {"kind": {"const": kind}, "consequence": {"const": False}}}
        then = {"properties": {"data": {"$ref": f"#/$defs/{form.__name__}"}}}
        event["allOf"].append({"if": condition, "then": then})
    return {"$schema": _DRAFT, "title": "Upheld story, version 1", **_titled(result)}


_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _titled(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != "title"}
