"""The explanation of one clock, line by line."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from upheld.policy.plain import plain_fields
from upheld.policy.standing import Metric, Verdict


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One stretch of wall time, [start, end), in UTC.

    `kind` is "ran", "paused", "closed", "holiday", "after" (after the due instant), "carried" (under another version
    of the policy, or on another ticket) or "ahead" (still to run). `counted` is the time that it adds to the clock;
    zero for every kind but "ran", "carried" and "ahead". `cause` is the seq of the event behind it, `author` the kind
    of actor who paused the clock.
    """

    start: datetime
    end: datetime
    kind: str
    counted: timedelta
    reason: str
    cause: int | None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Rival:
    """A target that was joined to the governing one and lost: it would have been due `later` than that."""

    target: str
    label: str
    clause: str
    due_at: datetime
    later: timedelta


@dataclass(frozen=True, slots=True)
class Ledger:
    """Why one clock in one cycle stands where it stands.

    The lines tile the wall time from `started_at` to the instant asked for, or to the end of the clock, with
    no hole and no overlap, and their counted time sums to `used` to the microsecond. `ahead` tiles what lies from there
    to the due instant, if the clock goes on as it does: together the counted time sums to `budget`. `calendar`,
    `calendar_hours` and `calendar_zone` describe the calendar in words; all are None for elapsed time. `promise` is the
    amount as the document says it. `counts_from` says why the clock counts from `started_at`: "received", "written",
    "acknowledged", "next opening", "named" (the priority), "promised", "updated", "missed" (the interval before),
    "reopened" or "taken over".
    """

    metric: Metric
    cycle: int
    target: str
    clause: str
    calendar: str | None
    calendar_hours: str | None
    started_at: datetime
    due_at: datetime | None
    budget: timedelta
    used: timedelta
    verdict: Verdict | None
    verdict_at: datetime | None
    satisfied_at: datetime | None
    lines: tuple[LedgerLine, ...]
    promise: str = ""
    counts_from: str = "received"
    rivals: tuple[Rival, ...] = ()
    cause: str = ""
    correction: Verdict | None = None
    ahead: tuple[LedgerLine, ...] = ()
    calendar_zone: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON-able data: instants as ISO text with Z, durations in integer microseconds."""
        return plain_fields(self)
