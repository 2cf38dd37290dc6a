"""How requests come in: by which way, under which contract, with what information, and what is not done."""

from typing import Literal

from upheld.policy.document.form import ChoicePart, Id, Part, SpanText, Words
from upheld.policy.standing import Metric, Verdict


class ChannelPart(Part):
    """A way to reach the desk."""

    id: Id
    """How conditions name it: a ticket's channel."""
    label: Words
    """What people call it."""
    address: Words = ""
    """Where: a number, an address, a page."""
    region: Id | None = None
    """The region for which it is meant."""
    directions: list[Literal["in", "out"]] = ["in", "out"]
    """Whether customers reach the desk by it, or the desk reaches customers, or both."""
    calendar: str | None = None
    """When it is open; around the clock, when left out."""
    outside: Words = ""
    """What to do outside its hours."""
    for_priorities: list[Id] = []
    """The priorities for which it is meant; all, when left out."""
    raises_to: Id | None = None
    """The priority that a request by this way has at least; stories and examples name their priority themselves."""


class EntitlementPart(Part):
    """Whether a contract is needed before a request becomes a ticket."""

    contract: Literal["required", "optional"] = "optional"
    """Whether a request without a contract in force gets a number."""
    without: Literal["hold", "default_plan"] = "default_plan"
    """What happens without one: the request is held at intake, or the default plan holds."""
    default_plan: Id | None = None
    """The plan of customers who have no other."""
    told: Words = ""
    """What the sender of a held request is told; with `without: hold` every request is held, the most urgent too."""
    answer_within: SpanText | None = None
    """How soon the desk decides whether it admits a held request, counted from its receipt; no time, when left out."""
    calendar: str | None = None
    """The calendar on which that is counted; the only one, when left out."""
    alerts_for: list[Id] = []
    """The priorities of which the desk hears as soon as a request that names them is held; of three or more the two
    most urgent, when left out."""


class RequestTypePart(ChoicePart):
    """A kind of request with rules of its own."""

    needs_contract: bool = False
    """It is granted under a contract in force only."""
    only_for: Literal["anybody", "named_contact"] = "anybody"
    """Who may ask for it: anybody, or the technical contact named in the contract."""


class InformationItemPart(Part):
    """Something that a request has to say."""

    id: Id
    """The name of the field; `description` is the text itself, and `case_number` is asked of no new request."""
    label: Words
    """What is asked."""
    meaning: Words = ""
    """What it is for, or where to find it."""
    products: list[Id] = []
    """The products for which it is asked; all, when left out."""
    request_types: list[Id] = []
    """The kinds of request for which it is asked; all, when left out."""
    where: Literal["form", "subject", "body"] = "body"
    """Where a mail says it."""
    optional: bool = False
    """Whether a request may do without it; then nobody is asked for it."""


class InformationPart(Part):
    """What a request has to say, and what happens while it does not."""

    items: list[InformationItemPart] = []
    """What is asked."""
    pauses: list[Metric] = []
    """The metrics whose clocks wait while something is missing; never a response."""
    never_for: list[Id] = []
    """The priorities for which no clock waits."""


class NotificationsPart(Part):
    """What customers are told by mail, without anybody writing it."""

    acknowledgement: bool = True
    """The number of the ticket, and by when a person answers, whatever the channel."""
    status_changes: bool = True
    """Each change to a status with another public label."""


class ScopePart(Part):
    """Something that the desk does not do or cannot control, and what it does instead."""

    id: Id
    """Its name."""
    label: Words
    """What is asked for."""
    instead: Words
    """What the desk does, or where to turn."""
    exclusion: Id | None = None
    """The exclusion under which such a ticket is closed."""


class TermPart(Part):
    """A condition of support that no clock measures."""

    id: Id
    """Its name."""
    label: Words
    """What it is about."""
    meaning: Words
    """What holds."""


class ExclusionPart(Part):
    """A reason for closing that takes a ticket out of the figures."""

    id: Id
    """The reason that agents choose."""
    label: Words
    """What people call it."""
    verdict: Literal[Verdict.excluded, Verdict.transferred] = Verdict.excluded
    """The verdict that clocks get."""
