"""What a policy makes of a story at an instant."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from upheld.clock import duration_micros, to_duration
from upheld.policy.instants import instant_text, read_instant

VERSION = 1


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
    instant of the evaluation. `kind` is "warned", "verdict", "reminder" or "status". `data` holds

    - for a warning: metric, cycle, target, percent, due_at;
    - for a verdict: metric, cycle, target, verdict, due_at, cause ("answer", "deadline", "reclassified",
      "reason" or "automatic");
    - for a reminder: status, step, audience, entered_at;
    - for a status: from, to, cause ("reply" or "automatic").

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


@dataclass(frozen=True, slots=True)
class Standing:
    """A ticket under its policy at the instant `at`; every instant is in UTC.

    `consequences` are all of those up to and including `at`, by instant. `wake_at` is the next instant, later
    than `at`, at which anything changes by itself. `next_due_at` is the earliest due instant of the clocks
    that still wait for an answer, overdue ones included; None when everything is paused or done.
    """

    at: datetime
    status: str
    priority: str
    clocks: tuple[ClockStanding, ...]
    consequences: tuple[Consequence, ...]
    wake_at: datetime | None
    next_due_at: datetime | None

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON-able data: instants as ISO text with Z, durations in integer microseconds."""
        return {"version": VERSION, **_plain_fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Standing":
        """Read what `to_json` wrote; raises ValueError for a version that this program does not know."""
        if data.get("version") != VERSION:
            raise ValueError(f"a standing of version {data.get('version')!r} cannot be read")
        return Standing(
            at=read_instant(data["at"]),
            status=data["status"],
            priority=data["priority"],
            clocks=tuple(_clock_from_json(each) for each in data["clocks"]),
            consequences=tuple(_consequence_from_json(each) for each in data["consequences"]),
            wake_at=_instant(data["wake_at"]),
            next_due_at=_instant(data["next_due_at"]),
        )


def _plain_fields(value: Any) -> dict[str, Any]:
    return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, timedelta):
        return duration_micros(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain_fields(each) for each in value]
    return dict(value) if isinstance(value, Mapping) else value


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
    }
    return ClockStanding(**read)


def _consequence_from_json(data: Mapping[str, Any]) -> Consequence:
    return Consequence(data["key"], read_instant(data["at"]), data["kind"], dict(data["data"]))
