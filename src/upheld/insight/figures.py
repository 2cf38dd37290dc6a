"""The figures of a month: how the promises of a desk were kept.

Plain values; `upheld.insight.compliance` counts them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction


class Scope(StrEnum):
    """Over which tickets figures count: those that somebody may read, or all of a desk, for its auditors."""

    seen = "seen"
    whole = "whole"


class Side(StrEnum):
    """By what the clocks of a metric are told apart."""

    metric = "metric"
    priority = "priority"
    plan = "plan"
    team = "team"


class Outcome(StrEnum):
    """What became of a clock: every clock that fell due in a month is in exactly one of these.

    `overdue` has run out and nobody has answered yet: it counts as missed. `pending` falls due later in the month, and
    counts for nothing yet. `excluded`, `transferred` and `abandoned` are told and count for nothing; so does spam.
    """

    met = "met"
    missed = "missed"
    overdue = "overdue"
    pending = "pending"
    excluded = "excluded"
    transferred = "transferred"
    abandoned = "abandoned"
    spam = "spam"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the figures: the clocks of a metric (and a priority, plan or team), by outcome.

    `key` is what tells the line apart within its side (an id; a team's id as text; empty for none), `label` its words.
    `corrected`, `reclassified` and `late_calls` are parts of the outcomes, not added to them: verdicts that somebody
    corrected (they count as corrected), misses by time that was used up before anybody could know, and responses by
    calls that were entered too late.
    """

    metric: str
    side: Side
    key: str
    label: str
    outcomes: Mapping[Outcome, int]
    corrected: int = 0
    reclassified: int = 0
    late_calls: int = 0

    @property
    def counted(self) -> int:
        """Clocks that count: met, missed and overdue."""
        return sum(self.outcomes.get(each, 0) for each in (Outcome.met, Outcome.missed, Outcome.overdue))

    @property
    def kept(self) -> Fraction | None:
        """The exact share that was met; None where nothing counts."""
        return Fraction(self.outcomes.get(Outcome.met, 0), self.counted) if self.counted else None


@dataclass(frozen=True, slots=True)
class Held:
    """An objective of the policy over the clocks of its metrics together: the share that was kept, and whether it
    reaches what the objective asks for (None while nothing counts).

    It is counted over [start, end): the month, or the quarter or year of the policy's zone in which it lies.
    """

    metrics: Sequence[str]
    percent: Fraction
    period: str
    assumed: bool
    met: int
    counted: int
    is_reached: bool | None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Clocks left out for one reason: the policy's id of it and its words."""

    reason: str
    label: str
    clocks: int
    tickets: int


@dataclass(frozen=True, slots=True)
class Paused:
    """Pauses of a month for one reason by one author: how many, on how many tickets, and their time within the month.

    `author` is an agent's name, or the kind of actor where it was nobody's own act; `agent_id` is that agent.
    """

    status: str
    reason: str
    author: str
    agent_id: int | None
    pauses: int
    tickets: int
    time: timedelta


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of a desk for [start, end), as they stand at `at`, over the tickets of `scope`."""

    desk_id: int
    zone: str
    start: datetime
    end: datetime
    at: datetime
    scope: Scope
    lines: Sequence[Line]
    objectives: Sequence[Held]
    exclusions: Sequence[Exclusion] = ()
    pauses: Sequence[Paused] = ()
    tickets: int = 0
    late_calls: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)

    def by(self, side: Side) -> list[Line]:
        """Its lines of one side, in their order."""
        return [line for line in self.lines if line.side is side]
