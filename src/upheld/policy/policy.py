"""A policy, compiled: what a document promises, in the form in which it is run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from upheld.clock import Calendar, duration_micros
from upheld.policy.ladder_plan import LadderPlan
from upheld.policy.parts import (
    Channel,
    Choice,
    Exclusion,
    Hold,
    Ladder,
    Objective,
    PathLevel,
    Priority,
    Responses,
    Source,
    Status,
    Target,
)
from upheld.policy.plan import Governing, Plan
from upheld.policy.standing import Metric


@dataclass(frozen=True, eq=False)
class Policy:
    """One version of a support policy, immutable. Two policies are equal when their content is.

    Priorities are ordered with the most urgent first, statuses as in the document. `zone` is the IANA name of
    the zone in which the policy speaks. `digest` identifies the content. `governing` finds the targets of a ticket;
    `plans` says, by metric and priority, which target governs a ticket of which nothing else is known.
    `choices` are the plans, regions, reasons, products, teams and tiers that the policy knows.
    `ladders` tell `roles` (labels by id) of a case as time passes; `ladder_plans` are they, ready to run.
    `customer_path` is where a customer turns who is not satisfied, lowest level first.
    `acknowledges` and `tells_status_changes` say what customers get by mail without anybody writing it, `hold` what is
    done about requests that get no number yet.
    `calendar_hours` tells each calendar's week in words, `holiday_names` its holidays by date.
    """

    name: str
    title: str
    source: Source
    zone: str
    priorities: tuple[Priority, ...]
    default_priority: str
    statuses: tuple[Status, ...]
    initial_status: str
    calendars: Mapping[str, Calendar]
    targets: tuple[Target, ...]
    objectives: tuple[Objective, ...]
    channels: tuple[Channel, ...]
    exclusions: tuple[Exclusion, ...]
    reopen_within: timedelta
    digest: str
    calendar_hours: Mapping[str, str] = field(default_factory=dict)
    holiday_names: Mapping[str, Mapping[date, str]] = field(default_factory=dict)
    restarts_when_reopened: bool = False
    raised_counts_whole_story: bool = False
    responses: Responses = field(default_factory=Responses)
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    ladders: tuple[Ladder, ...] = ()
    customer_path: tuple[PathLevel, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    acknowledges: bool = True
    tells_status_changes: bool = True
    hold: Hold = field(default_factory=Hold)
    ladder_plans: Mapping[str, LadderPlan] = field(init=False, repr=False)
    metrics: frozenset[Metric] = field(init=False, repr=False)
    reopen_within_micros: int = field(init=False, repr=False)
    call_grace_micros: int = field(init=False, repr=False)
    governing: Governing = field(init=False, repr=False)
    plans: Mapping[tuple[Metric, str], Plan] = field(init=False, repr=False)
    _by_priority: Mapping[str, Priority] = field(init=False, repr=False)
    _by_status: Mapping[str, Status] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index what is looked up by id."""
        object.__setattr__(self, "_by_priority", {each.id: each for each in self.priorities})
        object.__setattr__(self, "_by_status", {each.id: each for each in self.statuses})
        object.__setattr__(self, "metrics", frozenset(target.metric for target in self.targets))
        object.__setattr__(self, "reopen_within_micros", duration_micros(self.reopen_within))
        grace = duration_micros(self.responses.calls_entered_within)
        object.__setattr__(self, "call_grace_micros", grace)
        asked = [each.condition for each in self.ladders]
        object.__setattr__(self, "governing", Governing(self.targets, self.calendars, asked))
        plans = {each.id: LadderPlan.of(each, self.calendars) for each in self.ladders}
        object.__setattr__(self, "ladder_plans", plans)
        object.__setattr__(self, "plans", dict(self._plain_plans()))

    def _plain_plans(self) -> Iterator[tuple[tuple[Metric, str], Plan]]:
        for metric in self.metrics:
            for priority in self.priorities:
                case = self.governing.case({"priority": priority.id, "status": self.initial_status})
                plan = self.governing.usual(metric, case)
                if plan is not None:
                    yield (metric, priority.id), plan

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        return isinstance(other, Policy) and self.digest == other.digest

    def __hash__(self) -> int:
        """Hash by content."""
        return hash(self.digest)

    def priority(self, id: str) -> Priority:
        """Return the priority with this id; raises KeyError when the policy has none."""
        return self._by_priority[id]

    def status(self, id: str) -> Status:
        """Return the status with this id; raises KeyError when the policy has none."""
        return self._by_status[id]

    def has_priority(self, id: object) -> bool:
        """Whether the policy knows a priority by this id."""
        return isinstance(id, str) and id in self._by_priority

    def has_status(self, id: object) -> bool:
        """Whether the policy knows a status by this id."""
        return isinstance(id, str) and id in self._by_status

    @property
    def closing_status(self) -> Status | None:
        """Return the status that ends a ticket: the first that is closed, else the first that is resolved."""
        done = [each for each in self.statuses if each.is_done]
        return next((each for each in done if each.category == "closed"), done[0] if done else None)

    def exclusion(self, reason: object) -> Exclusion | None:
        """Return the exclusion that a reason for closing names, if it names one."""
        return next((each for each in self.exclusions if each.id == reason), None)

    def moves(self, from_status: str) -> tuple[str, ...]:
        """Return the ids of the statuses that an agent may choose for a ticket in `from_status`."""
        listed = self.status(from_status).next
        order = listed if listed is not None else tuple(status.id for status in self.statuses)
        return tuple(id for id in order if id != from_status and self.status(id).agent_may_set)
