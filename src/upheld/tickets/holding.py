"""How long each tier, team and agent held a ticket, from the lines of its story."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from upheld.clock import Calendar
from upheld.policy import Policy
from upheld.rules.holding_times import Handing, Held, Span, stretches, totals, work_of
from upheld.tickets.versions import status_in

DIMENSIONS = ("tier", "team", "agent")
# The lines of a story that say who has a ticket, and whether it is worked on.
KINDS = ("opened", "field", "assigned", "handed_over", "status", "merged", "merge_undone")
_LISTS = {"tier": "tiers", "team": "teams"}


class StoryLine(Protocol):
    """A line of a story, as far as it is read here."""

    at: datetime
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Holding:
    """Who held a ticket how long, by tier, team and agent, and with whom it is `now`; nobody has the empty name."""

    by: Mapping[str, Sequence[Held]]
    now: Mapping[str, str]


def holding(
    received: datetime, story: Sequence[StoryLine], policies: Sequence[Policy], now: datetime
) -> Holding:
    """Return who held a ticket how long up to the end of the work on it, or to `now`. `policies` are those under which
    it has lived, the one that governs it first; working time is that of its main calendar."""
    calendar, work = main_calendar(policies[0]), work_on(received, story, policies, now)
    handed = {each: handings(each, story, policies) for each in DIMENSIONS}
    return Holding(
        by={each: totals(stretches(work, handed[each]), calendar.between) for each in DIMENSIONS},
        now={each: listed[-1].to if listed else "" for each, listed in handed.items()},
    )


def work_on(
    received: datetime, story: Iterable[StoryLine], policies: Sequence[Policy], now: datetime
) -> list[Span]:
    """Return the spans in which a ticket was worked on."""
    return work_of(received, _changes(story, policies), now)


def handings(dimension: str, story: Iterable[StoryLine], policies: Sequence[Policy]) -> list[Handing]:
    """Return from when on a ticket was with which tier, team or agent, by their names."""
    found = []
    for line in story:
        to = _agent(line) if dimension == "agent" else _place(dimension, line)
        if to is not None:
            found.append(Handing(line.at, _label(dimension, to, policies)))
    return found


def main_calendar(policy: Policy) -> Calendar:
    """Return the calendar on which most of a policy's targets count; of several the first, of none one that never
    closes."""
    named = [each.hours for each in policy.targets if each.hours is not None]
    most = max(policy.calendars, key=named.count, default=None)
    return Calendar.always() if most is None else policy.calendars[most]


def _changes(story: Iterable[StoryLine], policies: Sequence[Policy]) -> Iterable[tuple[datetime, bool]]:
    for line in story:
        match line.kind:
            case "merged":
                yield line.at, True
            case "merge_undone":
                yield line.at, False
            case "status" if any(each.has_status(line.data.get("to")) for each in policies):
                yield line.at, status_in(policies, line.data["to"]).is_done


def _agent(line: StoryLine) -> str | None:
    return line.data.get("to") or "" if line.kind == "assigned" else None


def _place(dimension: str, line: StoryLine) -> str | None:
    """What a line says of the tier or the team; None where it says nothing."""
    data = line.data
    match line.kind:
        case "opened" | "handed_over":
            return str(data.get(dimension) or "")
        case "field" if data.get("name") == dimension:
            return str(data.get("to") or "")
        case "assigned" if data.get(dimension) and not data.get("handed_over"):
            return str(data[dimension])
    return None


def _label(dimension: str, id: str, policies: Sequence[Policy]) -> str:
    if not id or dimension not in _LISTS:
        return id
    listed = (each for policy in policies for each in policy.choices.get(_LISTS[dimension], ()))
    return next((each.label for each in listed if each.id == id), id)
