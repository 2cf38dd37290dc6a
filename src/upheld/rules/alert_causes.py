"""Whether what an alert tells still holds: an alert stops with its clock, however long it waited to leave."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Over(StrEnum):
    """Why an alert has nothing to tell any more."""

    done = "the ticket is done"
    answered = "it was answered meanwhile"
    stopped = "its clock was stopped meanwhile"
    passed = "its time has passed meanwhile, which is told by itself"
    moved_on = "the ticket has moved on meanwhile"
    decided = "somebody has decided meanwhile"


@dataclass(frozen=True, slots=True)
class Course:
    """Where a ticket is in its life: its clocks are those of its stored standing, None where there is none yet.
    `waits_outside` says whether it still waits for a third party."""

    is_done: bool
    status: str
    clocks: tuple[Mapping[str, Any], ...] | None = None
    waits_outside: bool = False


def why_over(kind: str, data: Mapping[str, Any], course: Course) -> Over | None:
    """Return why there is nothing to tell any more, or None where it still holds.

    What answers a person's act, and a page, which ends by its own rules, is never over.
    """
    match kind:
        case "warning" if data.get("metric"):
            return _done(course) or _warning(data, course)
        case "warning":
            left = data.get("status") and data["status"] != course.status
            return _done(course) or (Over.moved_on if left else None)
        case "breach":
            return _done(course) or _answered(data, course)
        case "escalated" if not data.get("complaint") and not data.get("page"):
            return _done(course) or _answered(data, course)
        case "third_party":
            return _done(course) or (None if course.waits_outside else Over.moved_on)
    return None


def _done(course: Course) -> Over | None:
    return Over.done if course.is_done else None


def _warning(data: Mapping[str, Any], course: Course) -> Over | None:
    if course.clocks is None:
        return None
    clock = _clock(data, course)
    if clock is None:
        return Over.stopped
    if clock.get("satisfied_at"):
        return Over.answered
    if clock.get("verdict"):
        return Over.passed if clock["verdict"] == "breached" else Over.stopped
    return Over.stopped if clock.get("state") in ("paused", "ended") else None


def _answered(data: Mapping[str, Any], course: Course) -> Over | None:
    """A silence that missed several intervals is answered by whatever ended a later one."""
    cycle = data.get("cycle") or 0
    since = [each for each in _of(data, course) if each["cycle"] >= cycle]
    if any(each.get("satisfied_at") for each in since):
        return Over.answered
    return Over.stopped if since and all(each.get("state") == "ended" for each in since) else None


def _clock(data: Mapping[str, Any], course: Course) -> Mapping[str, Any] | None:
    """The very cycle; of a notice that names none, the latest."""
    clocks = [each for each in _of(data, course) if data.get("cycle") in (None, each["cycle"])]
    return max(clocks, key=lambda each: int(each["cycle"]), default=None)


def _of(data: Mapping[str, Any], course: Course) -> Iterable[Mapping[str, Any]]:
    return [each for each in course.clocks or () if each["metric"] == data.get("metric")]
