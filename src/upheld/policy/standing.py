"""What a policy makes of a story at an instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from upheld.clock import to_duration
from upheld.policy.instants import read_instant
from upheld.policy.plain import plain_fields

VERSION = 2
_READABLE = (1, 2)


class Metric(StrEnum):
    """What a target measures."""

    first_response = "first_response"
    next_reply = "next_reply"
    update = "update"
    resolution = "resolution"


class Verdict(StrEnum):
    """How a clock ended; a fact that nothing later rewrites."""

    met = "met"
    breached = "breached"
    transferred = "transferred"
    excluded = "excluded"
    abandoned = "abandoned"


class ClockState(StrEnum):
    """What a clock does at an instant.

    `closed_hours` is running while the calendar is shut; `ended` is transferred, excluded or abandoned.
    """

    running = "running"
    paused = "paused"
    closed_hours = "closed_hours"
    met = "met"
    breached = "breached"
    ended = "ended"


@dataclass(frozen=True, slots=True)
class Consequence:
    """Something that the policy made happen: a warning, a verdict, a reminder or a change of status.

    `key` is unique within the ticket and the same however often and whenever the story is evaluated, so that
    an effect stored under it happens once. `at` is the instant at which it fell due or held, never the
    instant of the evaluation. `data` holds, by `kind`:

    - `warned`: metric, cycle, target, percent, due_at, mark ("warning", or "aim" for the aim of a range);
    - `verdict`: metric, cycle, target, verdict, due_at, cause: "answer", "deadline", "reason", "automatic",
      "merged", "merge undone", and for time that was used up before anybody could know "reclassified",
      "admitted", "not spam" or "published". Of a cadence also `silence_since`, the same for every interval that one
      silence misses, and `missed`, which of them this is: what tells of it is one digest;
    - `reminder`: status, step, audience, entered_at;
    - `status`: from, to, cause ("reply" or "automatic");
    - `escalated`: a step of a ladder: ladder, step (from 1), tell (ids of roles), page, binding ("commitment" or
      "guideline"), metric, counts_from;
    - `complaint_missed`: a level of the customer's path has not answered in its time: level (from 1), role, due_at,
      complained_at;
    - `new_ticket`: a new, linked ticket is due, since the fact `seq` came after the time for reopening, which
      ended at `window_ended_at`;
    - `correction`: metric, cycle, verdict, was, cause ("agent" or "late fact"), reason.

    Instants in `data` are ISO text in UTC with microseconds and Z.
    """

    key: str
    at: datetime
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClockStanding:
    """One clock in one of its cycles.

    `used` never exceeds `budget`; both are time on `calendar` (elapsed time when that is None). `due_at` is
    empty while the clock is paused; a clock with a verdict always has one. `warn_at` is the instant of the
    warning, past or to come, and empty once the clock is paused or has a verdict. `started_at` is the instant from
    which the governing target counts. `satisfied_at` is when the answer came, also when it came too late.
    `paused_by` is the kind of actor whose act stopped the clock. `correction` is the verdict that somebody gave in
    place of `verdict`, which stays.
    """

    metric: Metric
    cycle: int
    target: str
    target_label: str
    calendar: str | None
    state: ClockState
    started_at: datetime
    budget: timedelta
    used: timedelta
    due_at: datetime | None
    warn_at: datetime | None
    verdict: Verdict | None
    verdict_at: datetime | None
    satisfied_at: datetime | None
    paused_since: datetime | None
    pause_reason: str | None
    paused_by: str | None = None
    correction: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Unclocked:
    """A target that runs no clock: `kind` is "best_effort", or "discretionary" when an agent may promise a time."""

    metric: Metric
    target: str
    target_label: str
    kind: str


@dataclass(frozen=True, slots=True)
class LateCall:
    """A call that was entered too late to count when it was made; it counts at `entered_at`."""

    seq: int
    stated_at: datetime
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A ticket under its policy at the instant `at`; every instant is in UTC.

    `consequences` are all of those up to and including `at`, by instant. `wake_at` is the next instant, later
    than `at`, at which anything changes by itself. `next_due_at` is the earliest due instant of the clocks
    that still wait for an answer, overdue ones included; None when everything is paused or done. Of a cadence
    only the latest intervals are listed under `clocks`; the verdicts of all are consequences.
    """

    at: datetime
    status: str
    priority: str
    clocks: tuple[ClockStanding, ...]
    consequences: tuple[Consequence, ...]
    wake_at: datetime | None
    next_due_at: datetime | None
    unclocked: tuple[Unclocked, ...] = ()
    late_calls: tuple[LateCall, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON-able data: instants as ISO text with Z, durations in integer microseconds."""
        return {"version": VERSION, **plain_fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Standing":
        """Read what `to_json` wrote, of this or an earlier version; raises ValueError for a version not known here."""
        if data.get("version") not in _READABLE:
            raise ValueError(f"a standing of version {data.get('version')!r} cannot be read")
        return Standing(
            at=read_instant(data["at"]),
            status=data["status"],
            priority=data["priority"],
            clocks=tuple(_clock_from_json(each) for each in data["clocks"]),
            consequences=tuple(_consequence_from_json(each) for each in data["consequences"]),
            wake_at=_instant(data["wake_at"]),
            next_due_at=_instant(data["next_due_at"]),
            unclocked=tuple(_unclocked_from_json(each) for each in data.get("unclocked", ())),
            late_calls=tuple(_late_call_from_json(each) for each in data.get("late_calls", ())),
        )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else read_instant(text)


def _clock_from_json(data: Mapping[str, Any]) -> ClockStanding:
    instants = ("due_at", "warn_at", "verdict_at", "satisfied_at", "paused_since")
    verdict = data["verdict"]
    read = {
        **data,
        **{name: _instant(data[name]) for name in instants},
        "metric": Metric(data["metric"]),
        "state": ClockState(data["state"]),
        "started_at": read_instant(data["started_at"]),
        "budget": to_duration(data["budget"]),
        "used": to_duration(data["used"]),
        "verdict": None if verdict is None else Verdict(verdict),
        "correction": Verdict(data["correction"]) if data.get("correction") else None,
    }
    return ClockStanding(**read)


def _consequence_from_json(data: Mapping[str, Any]) -> Consequence:
    return Consequence(data["key"], read_instant(data["at"]), data["kind"], dict(data["data"]))


def _unclocked_from_json(data: Mapping[str, Any]) -> Unclocked:
    return Unclocked(Metric(data["metric"]), data["target"], data["target_label"], data["kind"])


def _late_call_from_json(data: Mapping[str, Any]) -> LateCall:
    return LateCall(data["seq"], read_instant(data["stated_at"]), read_instant(data["entered_at"]))
