"""The way of a ticket through its statuses, and what else the facts say; the first half of an evaluation."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from upheld.clock import from_micros
from upheld.policy.changes import Case, Change, Kind, Mode, Naming
from upheld.policy.complaints import Complaint
from upheld.policy.instants import micros_text
from upheld.policy.parts import Status, Step
from upheld.policy.policy import Policy
from upheld.policy.standing import Consequence, LateCall, Metric, Verdict
from upheld.policy.stay import Pause, Stay, Stretch
from upheld.policy.story import Actor

# What figures are told apart by.
TOLD = ("priority", "plan", "product")


class InForce(NamedTuple):
    """A version of the policy, from an instant on (None for the one under which the ticket was opened).

    `mode` says what its publication did to clocks without a verdict; a ticket that is pinned does not see it at all.
    """

    policy: Policy
    since: datetime | None = None
    mode: Mode = Mode.pin


class Correction(NamedTuple):
    """Somebody corrected a verdict."""

    at: int
    metric: str
    cycle: int
    verdict: Verdict
    reason: str
    seq: int


class Unjudged(NamedTuple):
    """An interval of a cadence that ended with the work, before it was due: it has no verdict, and was lived through
    all the same."""

    start: int
    end: int
    ran: list[tuple[int, int]]


class Turn(NamedTuple):
    """A message or an answer: when it counts, and which it was, for several may come at one instant."""

    at: int
    number: int = -1


@dataclass(slots=True)
class Path:
    """What the facts up to an instant amount to, before any clock is looked at.

    `asks` and `answers` are the customer's messages that want an answer, and the answers.
    `values` holds what is known of the ticket by field, `told` what of `TOLD` it was from when on, `cases` what of it
    mattered from when on under which policy,
    `changes` everything that may change a clock's targets. `named` is the first instant at which each priority was
    named. `complaints` are what of the customer's path was taken. `stretches` are kept here once they are laid out.
    `merged_at` is set while the ticket is part of another, `spam_since` while it is spam. While it is `restricted`
    nothing ends it but a person. `unjudged` is noted as the clocks are lived.
    `problem` is the number of the problem that it has.
    """

    policy: Policy
    received: int | None = None
    by_staff: bool = False
    restricted: bool = False
    problem: str = ""
    assigned: bool = False
    has_absorbed: bool = False
    asks_acknowledgement: bool = False
    merged_at: int | None = None
    spam_since: int | None = None
    values: dict[str, str] = field(default_factory=dict)
    told: list[tuple[int, str, str]] = field(default_factory=list)
    case: Case = ()
    cases: list[tuple[int, Policy, Case]] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    asks: list[Turn] = field(default_factory=list)
    answers: list[Turn] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    named: dict[str, int] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    late_calls: list[LateCall] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    consequences: list[Consequence] = field(default_factory=list)
    metrics: frozenset[Metric] = frozenset()
    next_step_at: int | None = None
    stretches: dict[tuple[bool, ...], list[Stretch]] = field(default_factory=dict)
    unjudged: list[Unjudged] = field(default_factory=list)
    _waits_in: Status | None = None
    _waiting_since: int = 0
    _steps_taken: int = 0

    @property
    def priority(self) -> str:
        """The priority that holds; empty before the ticket is opened."""
        return self.values.get("priority", "")

    def open(self, at: int, values: dict[str, str], *, by_staff: bool, actor: Actor, seq: int) -> None:
        """The ticket exists."""
        self.received, self.by_staff = at, by_staff
        self.values = values
        self.told += [(at, name, values[name]) for name in TOLD if name in values]
        self.named[values["priority"]] = at
        self.metrics = self.policy.metrics
        values["status"] = self.policy.initial_status
        self.case = self.policy.governing.case(values)
        self.cases.append((at, self.policy, self.case))
        self.enter(at, self.policy.status(self.policy.initial_status), None, seq, actor)

    def turn(self, at: int) -> Turn:
        """Return the next turn of the customer or of the desk."""
        return Turn(at, len(self.asks) + len(self.answers))

    def name_priority(self, at: int, priority: Any) -> None:
        """Somebody named a priority; an id that the policy does not know changes nothing."""
        policy, old = self.policy, self.values["priority"]
        if not policy.has_priority(priority) or priority == old:
            return
        raised = policy.priority(priority).rank < policy.priority(old).rank
        self.values["priority"] = priority
        self.told.append((at, "priority", str(priority)))
        named = self.named.setdefault(priority, at)
        self._change(at, Kind.priority, Naming(raised, named))

    def set_field(self, at: int, name: str, value: str) -> None:
        """Somebody set a field; it matters only when a condition asks for it."""
        if self.values.get(name) == value:
            return
        self.values[name] = value
        if name in TOLD:
            self.told.append((at, name, value))
        if name in self.policy.governing.fields and self.policy.governing.case(self.values) != self.case:
            self._change(at, Kind.field, name)

    def note_change(self, at: int, kind: Kind, detail: Any = None) -> None:
        """Remember something that may change a clock's targets though the case is the same."""
        self.changes.append(Change(at, kind, self.policy, self.case, detail))

    def _change(self, at: int, kind: Kind, detail: Any = None) -> None:
        self.case = self.policy.governing.case(self.values)
        self.cases.append((at, self.policy, self.case))
        self.changes.append(Change(at, kind, self.policy, self.case, detail))

    def case_at(self, at: int) -> tuple[Policy, Case]:
        """Return the policy and the case that hold at an instant, not before the ticket was opened."""
        if len(self.cases) == 1:
            return self.policy, self.case
        _, policy, case = self.cases[bisect_right(self.cases, at, key=_instant) - 1]
        return policy, case

    def enter(
        self,
        at: int,
        status: Status,
        reason: str | None,
        cause: int | None,
        author: Actor | None,
        verdict: Verdict | None = None,
        verdict_cause: str = "",
    ) -> None:
        """Begin a stay."""
        self.stays.append(Stay(at, status, reason, cause, author, verdict, verdict_cause))
        self.wait_again(at)
        if self.policy.governing.asks_status:
            self.set_field(at, "status", status.id)

    def wait_again(self, at: int) -> None:
        """Count what happens by itself from here: the stay began, or one side spoke."""
        self._waits_in = status = self.stays[-1].status
        if status.after and self.spam_since is None:
            self._waiting_since, self._steps_taken = at, 0
            self.next_step_at = at + status.after[0].wait_micros
        else:
            self.next_step_at = None

    def restrict(self, at: int, *, restricted: bool) -> None:
        """Few people read the ticket from here on, or everybody again: then what ends it by itself counts afresh."""
        if self.restricted and not restricted:
            self.wait_again(at)
        self.restricted = restricted

    def may_reopen(self, at: int) -> bool:
        """Whether a ticket that is done may be opened again at this instant."""
        return at <= self.window_end

    @property
    def window_end(self) -> int:
        """The last instant at which a ticket that is done may be opened again."""
        return self.stays[-1].start + self.policy.reopen_within_micros

    def publish(self, at: int, policy: Policy, mode: Mode) -> None:
        """Another version of the policy is in force. What the ticket waits for at this moment stays as it was."""
        self.policy = policy
        self.metrics |= policy.metrics
        if not policy.has_priority(self.values["priority"]):
            self.values["priority"] = policy.default_priority
            self.told.append((at, "priority", policy.default_priority))
            self.named.setdefault(policy.default_priority, at)
        stay = self.stays[-1]
        known = policy.has_status(stay.status.id)
        status = policy.status(stay.status.id if known else policy.initial_status)
        self.stays.append(Stay(at, status, stay.reason, stay.cause, stay.author, None))
        self.values["status"] = status.id
        self._change(at, Kind.published, mode)

    def pass_time(self, until: int, *, inclusive: bool) -> None:
        """Let happen what happens by itself before `until`; at that very instant only when `inclusive`.

        A fact at the instant of a step comes first: an answer exactly in time is in time.
        """
        while (due := self.next_step_at) is not None and (due < until or (inclusive and due == until)):
            self._take_step(due)

    def steps_ahead(self) -> Iterator[tuple[int, Step]]:
        """Yield the steps that have not been taken in the present status, each with its instant, up to the first that
        changes it."""
        if self.next_step_at is None or self._waits_in is None:
            return
        for step in self._waits_in.after[self._steps_taken :]:
            becomes = step.become is not None and self.policy.has_status(step.become)
            if becomes and self.restricted and self.policy.status(str(step.become)).is_done:
                continue
            yield self._waiting_since + step.wait_micros, step
            if becomes:
                return

    def _take_step(self, at: int) -> None:
        status = self._waits_in
        assert status is not None  # noqa: S101 - only a status has steps
        step = status.after[self._steps_taken]
        self._steps_taken += 1
        more = self._steps_taken < len(status.after)
        self.next_step_at = (
            self._waiting_since + status.after[self._steps_taken].wait_micros if more else None
        )
        since = micros_text(self._waiting_since)
        if step.become is not None and self.policy.has_status(step.become):
            entered = self.policy.status(step.become)
            if self.restricted and entered.is_done:
                return
            verdict = Verdict.abandoned if entered.is_done else None
            self.tell_status(f"after:{since}", at, status, entered, "automatic")
            self.enter(at, entered, None, None, None, verdict, "automatic")
        elif step.remind is not None:
            data = {"status": status.id, "step": step.name, "audience": step.remind, "entered_at": since}
            key = f"reminder:{status.id}:{since}:{step.name}"
            self.consequences.append(Consequence(key, from_micros(at), "reminder", data))

    def tell_status(self, mark: str, at: int, left: Status, entered: Status, cause: str) -> None:
        """Record that the policy changed the status."""
        data = {"from": left.id, "to": entered.id, "cause": cause}
        self.consequences.append(Consequence(f"status:{entered.id}:{mark}", from_micros(at), "status", data))


def _instant(entry: Sequence[Any]) -> Any:
    return entry[0]
