"""The form of a policy document. `schema()` publishes it as JSON Schema."""

from typing import Annotated, Any, Literal

from pydantic import Field

from upheld.policy.document.calendars import CalendarPart, HolidaysPart
from upheld.policy.document.escalating import (
    EscalationPart,
    HandOverPart,
    LadderPart,
    PathLevelPart,
    RolePart,
    RungPart,
    TierPart,
)
from upheld.policy.document.examples import ExampleEvent, ExamplePart, Expectation
from upheld.policy.document.form import ChoicePart, Id, Part, Words, ZoneName
from upheld.policy.document.intake import (
    ChannelPart,
    EntitlementPart,
    ExclusionPart,
    InformationItemPart,
    InformationPart,
    NotificationsPart,
    RequestTypePart,
    ScopePart,
    TermPart,
)
from upheld.policy.document.levels import AxisPart, ClassificationPart, PriorityPart, TriagePart
from upheld.policy.document.promises import (
    CONDITIONS,
    ByHours,
    ObjectivePart,
    ReclassifyingPart,
    ReopeningPart,
    ResponsesPart,
    TargetPart,
    WhenPart,
)
from upheld.policy.document.statuses import StatusPart, StepPart

__all__ = [
    "CONDITIONS",
    "AxisPart",
    "ByHours",
    "CalendarPart",
    "ChannelPart",
    "ChoicePart",
    "ClassificationPart",
    "Document",
    "EntitlementPart",
    "EscalationPart",
    "ExampleEvent",
    "ExamplePart",
    "ExclusionPart",
    "Expectation",
    "HandOverPart",
    "HolidaysPart",
    "InformationItemPart",
    "InformationPart",
    "LadderPart",
    "NotificationsPart",
    "ObjectivePart",
    "Part",
    "PathLevelPart",
    "PriorityPart",
    "ReclassifyingPart",
    "ReopeningPart",
    "RequestTypePart",
    "ResponsesPart",
    "RolePart",
    "RungPart",
    "ScopePart",
    "SourcePart",
    "StatusPart",
    "StepPart",
    "TargetPart",
    "TermPart",
    "TierPart",
    "TriagePart",
    "WhenPart",
    "schema",
]


class SourcePart(Part):
    """The page or paper behind the policy."""

    document: Words = ""
    """Its name."""
    version: Words = ""
    """Its version."""
    date: Words = ""
    """Its date."""
    text: Annotated[str, Field(max_length=100_000)] = ""
    """The page's text, whose sentences the blocks cite."""


class Document(Part):
    """A policy document, form 1."""

    policy: Literal[1]
    """The form of the document: 1."""
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
    """A short name, such as school-devices."""
    title: Words
    """The heading of the page."""
    introduction: Words = ""
    """A few sentences above everything else on the page."""
    source: SourcePart = SourcePart()
    """The page or paper that the policy was made from."""
    zone: ZoneName
    """The zone in which the policy speaks."""
    definitions: dict[Words, Words] = {}
    """What words of the clauses mean, such as morning: received before 12:00."""
    calendars: dict[Words, CalendarPart] = {}
    """When the desk works, each calendar with its name."""
    priorities: Annotated[list[PriorityPart], Field(min_length=1)]
    """The levels of urgency, most urgent first."""
    default_priority: Id
    """The priority of a request that names none."""
    classification: ClassificationPart = ClassificationPart()
    """How a case gets its priority."""
    triage: TriagePart = TriagePart()
    """What has to be known before work begins."""
    initial_status: Id
    """The status of a new ticket."""
    statuses: Annotated[list[StatusPart], Field(min_length=1)]
    """The states of a ticket, in the order of the page."""
    reopening: ReopeningPart = ReopeningPart()
    """How a ticket is opened again."""
    responses: ResponsesPart = ResponsesPart()
    """What counts as a response."""
    reclassifying: ReclassifyingPart = ReclassifyingPart()
    """What a raised priority does."""
    plans: list[ChoicePart] = []
    """The plans that customers have."""
    regions: list[ChoicePart] = []
    """Where customers are."""
    reasons: list[ChoicePart] = []
    """Why somebody writes: a bug, a question."""
    products: list[ChoicePart] = []
    """What is supported."""
    teams: list[ChoicePart] = []
    """Who works on tickets."""
    tiers: list[TierPart] = []
    """The levels of technical support, first to last."""
    roles: list[RolePart] = []
    """The functions that ladders and paths name."""
    targets: list[TargetPart] = []
    """The promises. Of each metric the first that fits governs."""
    objectives: list[ObjectivePart] = []
    """The shares that shall be met."""
    escalation: EscalationPart = EscalationPart()
    """How a case gets more attention."""
    channels: list[ChannelPart] = []
    """The ways to reach the desk."""
    notifications: NotificationsPart = NotificationsPart()
    """What customers are told without anybody writing it."""
    entitlement: EntitlementPart = EntitlementPart()
    """Whether a contract is needed."""
    request_types: list[RequestTypePart] = []
    """Kinds of request with rules of their own."""
    information: InformationPart = InformationPart()
    """What a request has to say."""
    scope: list[ScopePart] = []
    """What the desk does not do, and what it does instead."""
    terms: list[TermPart] = []
    """Conditions of support that no clock measures."""
    exclusions: list[ExclusionPart] = []
    """Reasons for closing that take a ticket out of the figures."""
    examples: list[ExamplePart] = []
    """Small stories that the policy must get right."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a policy document."""
    return Document.model_json_schema()
