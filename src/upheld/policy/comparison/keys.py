"""Every key of a document: what a change of it is about, whether it can move a due time, and how it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from upheld.policy.comparison.difference import Theme
from upheld.policy.document import (
    AxisPart,
    ByHours,
    CalendarPart,
    ChannelPart,
    ChoicePart,
    ClassificationPart,
    Document,
    EntitlementPart,
    EscalationPart,
    ExampleEvent,
    ExamplePart,
    ExclusionPart,
    Expectation,
    HandOverPart,
    HolidaysPart,
    InformationItemPart,
    InformationPart,
    LadderPart,
    NotificationsPart,
    ObjectivePart,
    Part,
    PathLevelPart,
    PriorityPart,
    ReclassifyingPart,
    ReopeningPart,
    RequestTypePart,
    ResponsesPart,
    RolePart,
    RungPart,
    ScopePart,
    SourcePart,
    StatusPart,
    StepPart,
    TargetPart,
    TermPart,
    TierPart,
    TriagePart,
    WhenPart,
)


@dataclass(frozen=True, slots=True)
class Key:
    """How a change of one key is told.

    `noun` is what the value is called. `says` is a sentence about another value, `yes` and `no` are sentences for a key
    that is true or false; in them `{it}` is the block. `words` are what values mean, `names` the block whose ids they
    are. `empty` is what no value means, and `as_is` values stand without quotes. `item` is what a block, or one of a
    list, is called; `order` and `order_moves` are about the order of a list.
    """

    theme: Theme = Theme.words
    moves: bool = False
    noun: str = ""
    says: str = ""
    yes: str = ""
    no: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    names: str = ""
    empty: str = ""
    as_is: bool = False
    item: str = ""
    order: Theme = Theme.words
    order_moves: bool = False


METRICS = {
    "first_response": "first response",
    "next_reply": "next reply",
    "update": "update",
    "resolution": "resolution",
}
_PROMISES, _HOURS, _STATUSES, _PRIORITIES = Theme.promises, Theme.hours, Theme.statuses, Theme.priorities
_ESCALATION, _CHANNELS, _CONTRACTS, _EXAMPLES = (
    Theme.escalation,
    Theme.channels,
    Theme.contracts,
    Theme.examples,
)


def _text(noun: str) -> Key:
    return Key(noun=noun)


def _list_of(item: str, theme: Theme, *, moves: bool = False, order: Theme = Theme.words) -> Key:
    return Key(theme, moves, item=item, order=order)


_CHOICE = {"id": _text("id"), "label": _text("name"), "meaning": _text("meaning")}

# Keys that every block has.
COMMON: Mapping[str, Key] = {
    "assumed": Key(
        yes="{it} is marked as assumed now: the source does not say it.",
        no="{it} is no longer marked as assumed.",
    ),
    "note": _text("note"),
    "cites": _text("cited sentences"),
    "accept": _text("accepted finding"),
}

KEYS: Mapping[type[Part], Mapping[str, Key]] = {
    Document: {
        "policy": Key(_PROMISES, moves=True, noun="form of the document", as_is=True),
        "name": _text("short name"),
        "title": _text("title"),
        "introduction": _text("introduction"),
        "source": Key(noun="source", item="the source"),
        "zone": Key(_HOURS, moves=True, noun="zone in which the policy speaks", as_is=True),
        "definitions": _text("definition of"),
        "calendars": _list_of("calendar", _HOURS, moves=True),
        "priorities": Key(
            _PRIORITIES, moves=True, item="priority", noun="priorities", order=_PRIORITIES, order_moves=True
        ),
        "default_priority": Key(
            _PRIORITIES,
            moves=True,
            says="requests that name no priority are {new} now instead of {old}.",
            noun="priority of requests that name none",
            names="priorities",
        ),
        "classification": _text("section on classification"),
        "triage": _text("section on triage"),
        "initial_status": Key(
            _STATUSES,
            moves=True,
            says="a new ticket has the status {new} now instead of {old}.",
            noun="status of a new ticket",
            names="statuses",
        ),
        "statuses": Key(_STATUSES, moves=True, item="status", noun="statuses", order=_STATUSES),
        "reopening": _text("section on reopening"),
        "responses": _text("section on responses"),
        "reclassifying": _text("section on reclassifying"),
        "plans": Key(_CONTRACTS, item="plan", noun="plans"),
        "regions": Key(_CONTRACTS, item="region", noun="regions"),
        "reasons": Key(_CONTRACTS, item="reason for writing", noun="reasons for writing"),
        "products": Key(_CONTRACTS, item="product", noun="products"),
        "teams": Key(_ESCALATION, item="team", noun="teams"),
        "tiers": Key(_ESCALATION, item="tier", noun="tiers", order=_ESCALATION),
        "roles": Key(_ESCALATION, item="role", noun="roles"),
        "targets": _list_of("target", _PROMISES, moves=True),
        "objectives": Key(_PROMISES, item="objective", noun="objectives"),
        "escalation": _text("section on escalation"),
        "channels": Key(_CHANNELS, item="channel", noun="channels"),
        "notifications": _text("section on notifications"),
        "entitlement": _text("section on entitlement"),
        "request_types": Key(_CONTRACTS, item="kind of request", noun="kinds of request"),
        "information": _text("section on information"),
        "scope": Key(_CONTRACTS, item="limit of the scope", noun="limits of the scope"),
        "terms": Key(_CONTRACTS, item="condition", noun="conditions"),
        "exclusions": Key(_PROMISES, moves=True, item="exclusion", noun="exclusions"),
        "examples": Key(_EXAMPLES, item="example", noun="examples"),
    },
    SourcePart: {
        "document": _text("name"),
        "version": _text("version"),
        "date": _text("date"),
        "text": _text("text"),
    },
    CalendarPart: {
        "zone": Key(_HOURS, moves=True, noun="zone", as_is=True),
        "hours": Key(_HOURS, moves=True, noun="hours", as_is=True),
        "holidays": Key(_HOURS, moves=True, item="set of public holidays", noun="public holidays"),
        "days_off": Key(_HOURS, moves=True, noun="day off"),
        "other_hours": Key(_HOURS, moves=True, noun="date with hours of its own", as_is=True),
    },
    HolidaysPart: {
        "country": Key(_HOURS, moves=True, noun="country", as_is=True),
        "subdivision": Key(_HOURS, moves=True, noun="part of the country", as_is=True),
        "hours": Key(_HOURS, moves=True, noun="hours", as_is=True),
    },
    PriorityPart: {
        **_CHOICE,
        "examples": _text("examples"),
        "words": Key(_PRIORITIES, moves=True, noun="words in a subject that stand for", empty="none"),
        "restricted": Key(
            _PRIORITIES,
            yes="only named people see tickets of {it} now.",
            no="everybody on the desk may see tickets of {it} now.",
        ),
        "criteria": Key(_PRIORITIES, noun="criterion", names="classification.axes"),
        "workarounds": Key(
            _PRIORITIES, noun="workarounds that fit", names="classification.workarounds", empty="any"
        ),
        "report_by": Key(_CHANNELS, noun="best ways to report", names="channels", empty="none in particular"),
    },
    ClassificationPart: {
        "axes": Key(_PRIORITIES, item="axis", noun="axes from which a case is looked at", order=_PRIORITIES),
        "workarounds": Key(_PRIORITIES, item="workaround", noun="workarounds"),
        "takes": Key(_PRIORITIES, noun="level that counts where axes differ", as_is=True),
    },
    AxisPart: {"id": _text("id"), "label": _text("name"), "question": _text("question")},
    TriagePart: {
        "requires": Key(
            _CONTRACTS, noun="fields that have to be known before work begins", as_is=True, empty="none"
        ),
    },
    StatusPart: {
        "id": _text("id"),
        "label": _text("name"),
        "public_label": Key(noun="name for customers", empty="its own name"),
        "meaning": _text("meaning"),
        "category": Key(
            _STATUSES, moves=True, says="{it} is {new} now instead of {old}.", noun="category", as_is=True
        ),
        "clocks": Key(_STATUSES, moves=True, noun="clocks that run in", words=METRICS),
        "agent_may_set": Key(
            _STATUSES, yes="agents may choose {it} now.", no="agents may no longer choose {it}."
        ),
        "next": Key(_STATUSES, noun="statuses that agents may choose next in", names="statuses", empty="all"),
        "on_reply": Key(
            _STATUSES,
            moves=True,
            says="a customer's message in {it} leads to {new} now instead of {old}.",
            noun="status to which a customer's message leads from",
            names="statuses",
            empty="no other status",
        ),
        "after": Key(_STATUSES, moves=True, noun="automatic steps"),
    },
    StepPart: {
        "wait": Key(_STATUSES, moves=True, noun="wait", as_is=True),
        "remind": Key(_STATUSES, noun="recipient of the reminder", as_is=True),
        "become": Key(_STATUSES, moves=True, noun="status that follows", names="statuses"),
        "name": Key(_STATUSES, noun="name", empty="its wait"),
    },
    ReopeningPart: {
        "within": Key(
            _STATUSES,
            moves=True,
            says="a ticket may be opened again within {new} now instead of {old}.",
            noun="time in which a ticket may be opened again",
            as_is=True,
        ),
        "clocks": Key(
            _STATUSES,
            moves=True,
            says="when a ticket is opened again, its clocks {new} now; before, they {old}.",
            noun="rule for the clocks of a ticket that is opened again",
            words={"resume": "go on where they stopped", "restart": "begin with their whole time"},
        ),
    },
    ResponsesPart: {
        "calls_entered_within": Key(
            _PROMISES,
            moves=True,
            says="a call counts when it was made if it is entered within {new} now instead of {old}.",
            noun="time in which a call must be entered to count when it was made",
            as_is=True,
        ),
        "assistants": Key(
            _PROMISES,
            moves=True,
            yes="an assistant's message counts as a response now.",
            no="an assistant's message no longer counts as a response.",
        ),
        "only_when_assigned": Key(
            _PROMISES,
            moves=True,
            yes="a response counts only once the ticket is assigned to somebody.",
            no="a response counts whether or not the ticket is assigned to somebody.",
        ),
    },
    ReclassifyingPart: {
        "raised_counts_from": Key(
            _PROMISES,
            moves=True,
            says="the time of a raised priority counts from {new} now instead of {old}.",
            noun="instant from which the time of a raised priority counts",
            words={
                "naming": "the event that first named it",
                "start": "the start of the clock",
            },
        ),
    },
    ChoicePart: _CHOICE,
    TierPart: {**_CHOICE, "hands_over": _text("rule for handing over in")},
    RolePart: {
        **_CHOICE,
        "by": Key(_ESCALATION, noun="fields that decide who fills", as_is=True, empty="none"),
    },
    TargetPart: {
        "id": _text("id"),
        "metric": Key(_PROMISES, moves=True, noun="metric", words=METRICS),
        "when": Key(_PROMISES, moves=True, noun="condition"),
        "within": Key(_PROMISES, moves=True, noun="time", as_is=True),
        "every": Key(_PROMISES, moves=True, noun="time", as_is=True),
        "aim": Key(_PROMISES, noun="aim", as_is=True),
        "start": Key(
            _PROMISES,
            moves=True,
            says="{it} counts from {new} now instead of {old}.",
            noun="start",
            words={
                "received": "the receipt",
                "acknowledged": "the acknowledgement",
                "next_opening": "the next opening",
            },
        ),
        "also": Key(
            _PROMISES,
            moves=True,
            yes="{it} joins the target that governs now: the earlier due counts.",
            no="{it} no longer joins another target; it governs where it is the first that fits.",
        ),
        "runs_while_paused": Key(
            _PROMISES,
            moves=True,
            yes="no status and no pause stops {it} any more.",
            no="{it} stands still in pauses now, and where its status says so.",
        ),
        "calendar": Key(_PROMISES, moves=True, noun="calendar", as_is=True),
        "warn_at_percent": Key(_PROMISES, noun="warning", as_is=True),
        "label": Key(noun="name", empty="what it promises"),
        "clause": Key(noun="clause", empty="what it promises"),
    },
    WhenPart: {
        **{
            name: Key(_PROMISES, moves=True, noun=name, names=f"{name}s")
            for name in ("plan", "region", "reason", "product", "team", "tier")
        },
        "priority": Key(_PROMISES, moves=True, noun="priority", names="priorities"),
        "status": Key(_PROMISES, moves=True, noun="status", names="statuses"),
        "channel": Key(_PROMISES, moves=True, noun="channel", names="channels"),
        "received": Key(_PROMISES, moves=True, noun="receipt", as_is=True),
    },
    ByHours: {
        "inside": Key(_PROMISES, moves=True, noun="time inside the hours", as_is=True),
        "outside": Key(_PROMISES, moves=True, noun="time outside the hours", as_is=True),
    },
    ObjectivePart: {
        "metrics": Key(_PROMISES, noun="metrics", words=METRICS),
        "percent": Key(
            _PROMISES, says="{it} is {new} % now instead of {old} %.", noun="percentage", as_is=True
        ),
        "period": Key(_PROMISES, noun="period", as_is=True),
    },
    EscalationPart: {
        "ladders": Key(_ESCALATION, item="ladder", noun="ladders"),
        "hand_overs": Key(_ESCALATION, item="hand-over", noun="hand-overs"),
        "customer_path": Key(
            _ESCALATION, item="level of the customer's path", noun="levels of the customer's path"
        ),
    },
    LadderPart: {
        "id": _text("id"),
        "label": _text("name"),
        "when": Key(_ESCALATION, noun="condition"),
        "until": Key(
            _ESCALATION,
            says="{it} ends with {new} now instead of {old}.",
            noun="end",
            words={name: f"the {each}" for name, each in METRICS.items()},
        ),
        "counts_from": Key(
            _ESCALATION,
            says="the steps of {it} count from {new} now instead of {old}.",
            noun="instant from which the steps count in",
            words={"start": "when it was first owed", "due": "when it was due and missed"},
        ),
        "calendar": Key(_ESCALATION, noun="calendar", as_is=True),
        "steps": Key(_ESCALATION, noun="steps"),
    },
    RungPart: {
        "after": Key(_ESCALATION, noun="time", as_is=True),
        "tell": Key(_ESCALATION, noun="people who are told", names="roles"),
        "page": Key(
            _ESCALATION,
            yes="{it} pages now: at any hour, and until somebody answers.",
            no="{it} no longer pages; it waits for the hours of whoever is told.",
        ),
        "binding": Key(
            _ESCALATION, says="{it} is a {new} now instead of a {old}.", noun="binding", as_is=True
        ),
    },
    HandOverPart: {
        "id": _text("id"),
        "reason": _text("reason"),
        "to_role": Key(_ESCALATION, noun="role that takes over in", names="roles", empty="none"),
        "to_tier": Key(_ESCALATION, noun="tier that takes over in", names="tiers", empty="none"),
        "joins": Key(
            _ESCALATION,
            yes="by {it} people join now, and the case stays with whoever has it.",
            no="by {it} people take the case over now.",
        ),
    },
    PathLevelPart: {
        "role": Key(_ESCALATION, noun="role", names="roles"),
        "meaning": _text("meaning"),
        "reply_within": Key(_ESCALATION, noun="time for a reply at", as_is=True, empty="no promised time"),
        "calendar": Key(_ESCALATION, noun="calendar", as_is=True, empty="the only one"),
        "direct": Key(
            _ESCALATION,
            yes="customers may turn to {it} at once now, without the levels before it.",
            no="customers turn to {it} only after the levels before it.",
        ),
    },
    ChannelPart: {
        "id": _text("id"),
        "label": _text("name"),
        "address": Key(_CHANNELS, noun="address"),
        "region": Key(_CHANNELS, noun="region", names="regions", empty="any"),
        "directions": Key(
            _CHANNELS,
            noun="directions",
            words={"in": "from customers to the desk", "out": "from the desk to customers"},
        ),
        "calendar": Key(_CHANNELS, noun="hours", as_is=True, empty="around the clock"),
        "outside": _text("advice for the time outside the hours of"),
        "for_priorities": Key(_CHANNELS, noun="priorities meant for", names="priorities", empty="all"),
        "raises_to": Key(
            _CHANNELS,
            moves=True,
            says="a request by {it} has at least the priority {new} now instead of {old}.",
            noun="priority that a request has at least by",
            names="priorities",
            empty="any",
        ),
    },
    NotificationsPart: {
        "acknowledgement": Key(
            _CONTRACTS,
            yes="customers get an acknowledgement now, with the number and by when a person answers.",
            no="customers get no acknowledgement any more.",
        ),
        "status_changes": Key(
            _CONTRACTS,
            yes="customers get a mail now when the status that they see changes.",
            no="customers get no mail any more when the status that they see changes.",
        ),
    },
    EntitlementPart: {
        "contract": Key(
            _CONTRACTS,
            moves=True,
            says="a contract is {new} now instead of {old}.",
            noun="contract",
            as_is=True,
        ),
        "without": Key(
            _CONTRACTS,
            moves=True,
            says="a request without a contract in force is {new} now instead of {old}.",
            noun="treatment of a request without a contract in force",
            words={"hold": "held at intake", "default_plan": "accepted under the default plan"},
        ),
        "answer_within": Key(
            _CONTRACTS,
            says="the desk decides about a held request within {new} now instead of {old}.",
            noun="time in which the desk decides about a held request",
            empty="no set time",
            as_is=True,
        ),
        "calendar": Key(_CONTRACTS, noun="calendar for deciding about held requests", as_is=True),
        "alerts_for": Key(
            _CONTRACTS,
            noun="priorities of which the desk hears at once when a request is held",
            names="priorities",
            empty="the most urgent",
        ),
        "default_plan": Key(
            _CONTRACTS,
            moves=True,
            says="customers who have no other plan have {new} now instead of {old}.",
            noun="plan of customers who have no other",
            names="plans",
            empty="none",
        ),
        "told": _text("message to the sender of a held request"),
    },
    RequestTypePart: {
        **_CHOICE,
        "needs_contract": Key(
            _CONTRACTS,
            yes="{it} is granted under a contract in force only.",
            no="{it} needs no contract any more.",
        ),
        "only_for": Key(
            _CONTRACTS,
            says="{it} may be asked for by {new} now instead of {old}.",
            noun="people who may ask for",
            words={"anybody": "anybody", "named_contact": "the technical contact named in the contract"},
        ),
    },
    InformationPart: {
        "items": Key(_CONTRACTS, moves=True, item="piece of information", noun="pieces of information"),
        "pauses": Key(
            _CONTRACTS,
            moves=True,
            noun="clocks that wait while information is missing",
            words=METRICS,
            empty="none",
        ),
        "never_for": Key(
            _CONTRACTS,
            moves=True,
            noun="priorities for which no clock waits for information",
            names="priorities",
            empty="none",
        ),
    },
    InformationItemPart: {
        **_CHOICE,
        "products": Key(
            _CONTRACTS, moves=True, noun="products with which we ask for", names="products", empty="all"
        ),
        "request_types": Key(
            _CONTRACTS,
            moves=True,
            noun="kinds of request with which we ask for",
            names="request_types",
            empty="all",
        ),
        "where": Key(
            _CONTRACTS,
            says="a mail says {it} in the {new} now instead of the {old}.",
            noun="place in a mail of",
            as_is=True,
        ),
        "optional": Key(
            _CONTRACTS,
            moves=True,
            yes="a request may do without {it} now.",
            no="a request has to say {it} now.",
        ),
    },
    ScopePart: {
        "id": _text("id"),
        "label": _text("name"),
        "instead": Key(_CONTRACTS, noun="advice for"),
        "exclusion": Key(_CONTRACTS, noun="exclusion for closing", names="exclusions", empty="none"),
    },
    TermPart: {**_CHOICE, "meaning": Key(_CONTRACTS, noun="meaning")},
    ExclusionPart: {
        "id": _text("id"),
        "label": _text("name"),
        "verdict": Key(
            _PROMISES,
            moves=True,
            says="{it} gives clocks the verdict {new} now instead of {old}.",
            noun="verdict that clocks get by",
            as_is=True,
        ),
    },
    ExamplePart: {
        name: Key(_EXAMPLES, noun=noun, as_is=True)
        for name, noun in {
            "name": "name",
            "received": "receipt",
            "priority": "priority",
            "by_staff": "opened by staff",
            "held": "held at intake",
            "fields": "field",
            "events": "events",
            "expect": "expectations",
        }.items()
    },
    ExampleEvent: {
        name: Key(_EXAMPLES, noun=name, as_is=True)
        for name in (
            *("at", "customer", "agent", "desk", "assigns", "status", "reason", "priority", "fields"),
            *("promise", "clock", "turns_to"),
        )
    },
    Expectation: {
        name: Key(_EXAMPLES, noun=name, as_is=True)
        for name in (
            *("at", "clock", "cycle", "exists", "target", "due", "warning", "state", "verdict", "status"),
            *("reminders", "told", "paged", "reply_due", "silent"),
        )
    },
}
# A key that this table does not have yet is taken for one that matters.
_UNKNOWN = Key(_PROMISES, moves=True)


def key_of(part: type[Part], name: str) -> Key:
    """Return how a key of a block is told."""
    return COMMON.get(name) or KEYS.get(part, {}).get(name) or _UNKNOWN
