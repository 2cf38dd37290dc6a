"""The parts of a compiled policy: priorities, statuses, targets and what goes with them."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from upheld.clock import duration_micros
from upheld.policy.amounts import Amount
from upheld.policy.standing import Metric, Verdict


@dataclass(frozen=True, slots=True)
class Source:
    """The page or paper that the policy was made from."""

    document: str
    version: str
    date: str
    text: str


@dataclass(frozen=True, slots=True)
class Priority:
    """A level of urgency; `rank` 1 is the most urgent. `words` name it in a mail."""

    id: str
    label: str
    meaning: str
    examples: tuple[str, ...]
    words: tuple[str, ...]
    rank: int
    restricted: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What happens by itself when a ticket has stayed in a status for `wait` (elapsed time).

    Either `remind` names who is reminded ("customer" or "agent") or `become` names the status that follows.
    """

    name: str
    wait: timedelta
    remind: str | None
    become: str | None
    wait_micros: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep the wait as the integer in which evaluation counts."""
        object.__setattr__(self, "wait_micros", duration_micros(self.wait))


@dataclass(frozen=True, slots=True)
class Status:
    """A state of a ticket; `clocks` are the metrics whose clocks run in it.

    `category` is "open", "waiting", "resolved" or "closed". `on_reply` is the status that a customer's
    message leads to, if any. `meaning` is public.
    """

    id: str
    label: str
    public_label: str
    meaning: str
    category: str
    clocks: frozenset[Metric]
    timer_on: bool
    agent_may_set: bool
    next: tuple[str, ...] | None
    on_reply: str | None
    after: tuple[Step, ...]
    is_done: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work on a ticket is over in the categories resolved and closed."""
        object.__setattr__(self, "is_done", self.category in ("resolved", "closed"))


class Start(StrEnum):
    """From when a target counts; `acknowledged` is the receipt for as long as nothing was acknowledged."""

    received = "received"
    acknowledged = "acknowledged"
    next_opening = "next_opening"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a target applies to: each field named has one of its values.

    `received` is "inside" or "outside" the hours of the target's calendar, or None where that does not matter.
    """

    fields: tuple[tuple[str, frozenset[str]], ...] = ()
    received: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One promise. Of the targets of a metric the first whose condition holds governs; a later `also` joins it.

    `outside` is the amount for what came outside the hours of `hours`, where it differs. `aim` is the mark of a
    range, `amount` its breach. `repeats` marks a cadence. `hours` names the calendar whose hours are asked.
    """

    id: str
    metric: Metric
    label: str
    clause: str
    condition: Condition
    amount: Amount
    warn_percent: int | None
    assumed: bool
    outside: Amount | None = None
    aim: Amount | None = None
    start: Start = Start.received
    also: bool = False
    repeats: bool = False
    runs_while_paused: bool = False
    hours: str | None = None

    @property
    def priorities(self) -> tuple[str, ...]:
        """The priorities that the condition names; all, when empty."""
        return next(
            (tuple(sorted(values)) for name, values in self.condition.fields if name == "priority"), ()
        )


@dataclass(frozen=True, slots=True)
class Responses:
    """What counts as a response beyond the rule: see the chapter about time."""

    calls_entered_within: timedelta = timedelta(minutes=15)
    assistants: bool = False
    only_when_assigned: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """What holds for requests that are held at intake: by when the desk decides, and of which priorities it hears at
    once."""

    answer_within: Amount | None = None
    alerts_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a ladder: the roles that are told when the time of `delay` has passed.

    `page` means at any hour. `binding` is "commitment" or "guideline".
    """

    delay: Amount
    tell: tuple[str, ...]
    page: bool
    binding: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps by which more and more people learn of a case that still owes what `until` names.

    The steps count from when it was first owed, or with `from_due` from the instant at which its clock was breached.
    """

    id: str
    label: str
    condition: Condition
    until: Metric
    from_due: bool
    steps: tuple[Rung, ...]
    hours: str | None = None


@dataclass(frozen=True, slots=True)
class PathLevel:
    """A level of the path of a customer who is not satisfied. `reply` is by when it answers, where that is promised;
    to a `direct` one they may turn without the levels before it."""

    role: str
    reply: Amount | None
    direct: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan, region, reason, product, team or tier that the policy knows."""

    id: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Objective:
    """The share of verdicts of a metric that shall be met: `percent` in each `period`."""

    metrics: tuple[Metric, ...]
    percent: str
    period: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach the desk; `calendar` None means around the clock. Directions are "in" and "out"."""

    id: str
    label: str
    directions: tuple[str, ...]
    calendar: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A reason for closing that takes a ticket out of the figures, with the verdict that it gives."""

    id: str
    label: str
    verdict: Verdict
    note: str
